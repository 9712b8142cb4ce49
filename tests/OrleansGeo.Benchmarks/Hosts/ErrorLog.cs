using Microsoft.Extensions.Logging;

namespace OrleansGeo.Benchmarks.Hosts;

/// <summary>What goes wrong in a host is printed: a benchmark of a failing system is worth nothing.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Console.Error.WriteLine($"{category}: {formatter(state, exception)} {exception?.Message}");
            }
        }
    }
}
