using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CrossHedgeLean.Tests")]
[assembly: InternalsVisibleTo("CrossHedge.Launcher")]
[assembly: InternalsVisibleTo("CrossHedge.Benchmarks")]
