using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CrossHedgeLean.Tests")]
