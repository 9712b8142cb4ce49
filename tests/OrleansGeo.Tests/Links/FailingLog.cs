using Microsoft.Extensions.Logging;

namespace OrleansGeo.Tests.Links;

/// <summary>Cannot write the first line that a link has for it.</summary>
internal sealed class FailingLog : ILoggerProvider
{
    private int _failures;

    public int Failures => Volatile.Read(ref _failures);

    public ILogger CreateLogger(string categoryName) => new Failing(this, categoryName.EndsWith("RegionLink", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private sealed class Failing(FailingLog owner, bool isLink) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isLink;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isLink && Interlocked.CompareExchange(ref owner._failures, 1, 0) == 0)
            {
                throw new IOException("The disk is full.");
            }
        }
    }
}
