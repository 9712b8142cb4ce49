using Microsoft.Extensions.Logging;

namespace OrleansGeo.Storage.AzureTables.Stores;

internal static partial class StoreEvents
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "{Store} is open, for the {Opened}. time.")]
    public static partial void Opened(ILogger logger, string store, long opened);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "{Store} is closed.")]
    public static partial void Closed(ILogger logger, string store);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "{Store} failed to write.")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string store);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "{Store} failed at work that was left over after an answer; it is done later.")]
    public static partial void WorkFailed(ILogger logger, Exception exception, string store);
}
