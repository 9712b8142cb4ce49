using Microsoft.Extensions.Logging;

namespace OrleansGeo.Runtime.Links;

/// <summary>
/// Hands everything that a link's inner client says to the process's logs at <see cref="LogLevel.Debug"/>. A peer that is down is
/// an expected state which the link reports in one line; the client would add stack traces at every attempt.
/// </summary>
internal sealed class DebugLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) => new DebugLogger(inner.CreateLogger("OrleansGeo.Links.Client." + categoryName));

    // The inner factory belongs to the process, not to this client.
    public void Dispose()
    {
    }

    private sealed class DebugLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(Lowered(logLevel));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var lowered = Lowered(logLevel);
            if (inner.IsEnabled(lowered))
            {
                inner.Log(lowered, eventId, state, exception, formatter);
            }
        }

        private static LogLevel Lowered(LogLevel level) => level > LogLevel.Debug ? LogLevel.Debug : level;
    }
}
