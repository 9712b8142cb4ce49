using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansGeo.Tests.Loops;

/// <summary>Keeps what is logged, or cannot.</summary>
internal sealed class LoopLog : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    /// <summary>Whether every line fails.</summary>
    public bool IsBroken { get; set; }

    /// <summary>What was said at Information or above.</summary>
    public IReadOnlyList<string> Lines => [.. _lines.Where(static line => line.Level >= LogLevel.Information).Select(static line => $"{line.Level}: {line.Text}")];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsBroken)
        {
            throw new IOException("The disk is full.");
        }

        _lines.Enqueue((logLevel, formatter(state, exception)));
    }
}
