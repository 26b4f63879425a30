namespace CrossHedgeLean.Hosting;

/// <summary>Which engine this build runs on.</summary>
/// <param name="Name">LeanSim or LEAN.</param>
/// <param name="Source">sim, bin or packages: the build's LeanSource.</param>
/// <param name="Version">The engine assembly's version.</param>
public sealed record EngineInfo(string Name, string Source, string Version);
