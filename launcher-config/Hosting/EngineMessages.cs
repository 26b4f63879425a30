using System.Collections.Generic;

namespace CrossHedgeLean.Hosting;

/// <summary>What an engine said, bounded, from any thread.</summary>
internal sealed class EngineMessages
{
    private const int Maximum = 1000;

    private readonly List<string> _messages = [];

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<string> Snapshot()
    {
        lock (_messages)
        {
            return _messages.ToArray();
        }
    }

    /// <summary>Keeps a message while there is room.</summary>
    public void Add(string? message)
    {
        if (string.IsNullOrEmpty(message))
        {
            return;
        }

        lock (_messages)
        {
            if (_messages.Count < Maximum)
            {
                _messages.Add(message);
            }
        }
    }
}
