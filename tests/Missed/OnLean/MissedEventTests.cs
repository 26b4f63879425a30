using NUnit.Framework;

namespace CrossHedgeLean.Tests.Missed;

/// <content>On LEAN each has a process and an exchange of its own.</content>
[Parallelizable(ParallelScope.Children)]
public sealed partial class MissedEventTests;
