#nullable enable
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CrossHedgeLean.Tests")]
[assembly: InternalsVisibleTo("CrossHedge.Benchmarks")]
