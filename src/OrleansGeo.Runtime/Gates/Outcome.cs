using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>How a request ended inside the gate.</summary>
/// <param name="Reply">What to answer once <paramref name="Position"/> is acknowledged.</param>
/// <param name="Home">The shard that acknowledges; null: answer at once.</param>
/// <param name="Position">What the answer depends on.</param>
/// <param name="IsStaged">Whether the request itself has an entry, so that its outcome is open until then.</param>
/// <param name="HasCalled">Whether others did what it called them for, or may have.</param>
internal readonly record struct Outcome<T>(GeoReply<T> Reply, HomeShard? Home = null, LogPosition Position = default, bool IsStaged = false, bool HasCalled = false)
{
    /// <summary>What to answer if what the reply depends on is lost.</summary>
    public ReplyKind IfLost => IsStaged || HasCalled ? ReplyKind.Unknown : ReplyKind.NotNow;
}
