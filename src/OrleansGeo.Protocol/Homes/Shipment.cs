using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Protocol.Homes;

/// <summary>What a home should do next for one replica.</summary>
internal abstract record Shipment
{
    private Shipment()
    {
    }

    /// <summary>Send this message, and give the reply back with <paramref name="Session"/>.</summary>
    public sealed record Send(int Session, AppendMessage Message) : Shipment;

    /// <summary>The rows from <paramref name="From"/> on are no longer in memory: read them from the store and offer them.</summary>
    public sealed record Read(int Session, LogPosition From) : Shipment;

    /// <summary>The replica lags beyond the log: send it the records.</summary>
    public sealed record Copy(int Session) : Shipment;
}
