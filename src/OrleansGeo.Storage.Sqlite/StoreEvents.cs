using Microsoft.Extensions.Logging;

namespace OrleansGeo.Storage.Sqlite;

internal static partial class StoreEvents
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "{Store} is open with {Shards} shards.")]
    public static partial void Opened(ILogger logger, string store, int shards);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "{Store} is closed.")]
    public static partial void Closed(ILogger logger, string store);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "{Store} failed to write.")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string store);
}
