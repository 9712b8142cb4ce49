using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Tests.Storage;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Shards;

/// <summary>What the shell around a replica's log adds to it. On a store in memory.</summary>
public sealed class ReplicaShardTests : IAsyncLifetime
{
    private static readonly ShardId Id = new("q-07");
    private static readonly FencingToken Home = new(StoreSamples.East, 2);

    private readonly MemoryRegionStore _store = new(new());

    public Task InitializeAsync() => _store.OpenAsync(StoreSamples.ThisWorld);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_row_that_cannot_be_read_never_reaches_the_store_and_is_taken_once_it_can_be()
    {
        var replica = await OpenAsync();
        var reply = await replica.AppendAsync(Message(0, 0, [Row(2, 1), Newer(Row(2, 2))]));
        Assert.Equal((AppendVerdict.Unreadable, 1), (reply.Verdict, reply.At.Value));
        Assert.Contains("newer version", replica.Unreadable, StringComparison.Ordinal);
        Assert.Equal(At(1), (await _store.ReadHeadAsync(Id)).Last);

        // Its maintenance writes what can be read, and no more.
        await replica.AppendAsync(Message(1, 2, []));
        Assert.Equal(At(1), replica.Applied);
        reply = await replica.AppendAsync(Message(1, 2, [Row(2, 2)]));
        Assert.Equal((AppendVerdict.Stored, null, At(2)), (reply.Verdict, replica.Unreadable, replica.Applied));
        Assert.Equal(At(2), (await _store.ReadHeadAsync(Id)).Last);
        replica.Close("the test is over");
    }

    [Fact]
    public async Task A_replica_opens_on_a_store_with_rows_that_it_cannot_read_and_shows_what_it_can()
    {
        await _store.AppendAsync(Id, StoreSamples.After(0, 0, Home, Row(2, 1), Newer(Row(2, 2))));
        var replica = await OpenAsync();
        Assert.Contains("newer version", replica.Unreadable, StringComparison.Ordinal);
        Assert.Equal(AppendVerdict.Unreadable, (await replica.AppendAsync(Message(2, 2, [Row(2, 3)]))).Verdict);
        Assert.Equal(At(1), replica.Applied);
        var live = await replica.HoldAsync("e");
        Assert.Equal(new(2, At(1)), live.Current!.Version);
        Assert.Equal(At(2), (await _store.ReadHeadAsync(Id)).Last);
        replica.Close("the test is over");
    }

    private Task<ReplicaShard> OpenAsync() =>
        ReplicaShard.OpenAsync(Id, new(StoreSamples.East, 2), _store, isRow: false, static () => true, LogPosition.Zero, null, new GeoLimits(), new LeaseClock(), TimeProvider.System, CancellationToken.None);

    private static AppendMessage Message(long previous, long previousEpoch, LogRow[] rows) =>
        new(Home, At(previous), previousEpoch, [.. rows], At(9), At(9), At(0));
}
