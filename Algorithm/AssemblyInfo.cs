#nullable enable
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CrossHedge.Benchmarks")]
