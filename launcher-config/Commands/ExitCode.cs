namespace CrossHedgeLean.Commands;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int RunFailed = 1;

    public const int BadInput = 2;
}
