using System.Buffers.Binary;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// Up to which epoch of each shard the region's store may have forgotten what only it had, because it went back in time. Durable: whoever suspects that
/// this region holds writes which others lost may not take that back.
/// </summary>
internal sealed class ForgottenEpochs(IRegionStore store)
{
    /// <summary>A register of this store alone: no other region has an acceptor of it.</summary>
    private const string Register = "forgotten";

    /// <summary>Notes that everything up to the present epochs may be forgotten.</summary>
    public async Task NoteAsync(RegionId self, WorldTopology topology, CancellationToken cancellationToken)
    {
        var bytes = new byte[topology.Map.Count * sizeof(long)];
        for (var index = 0; index < topology.Map.Count; index++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(index * sizeof(long)), topology.HomeOf(index).Epoch);
        }

        var before = await store.TakeAsync(Register, new RegisterMessage.Read(), cancellationToken);
        var ballot = new Ballot(before.State.Promised.Counter + 1, self, 0);
        await store.TakeAsync(Register, new RegisterMessage.Accept(ballot, bytes, ballot), cancellationToken);
    }

    /// <summary>Up to which epoch of each of these shards; 0: nothing was forgotten.</summary>
    public async Task<long[]> ThroughAsync(ShardMap map, IEnumerable<ShardId> shards)
    {
        var bytes = (await store.TakeAsync(Register, new RegisterMessage.Read())).State.Value;
        return [.. shards.Select(shard => map.IndexOf(shard) * sizeof(long)).Select(at => at < 0 || at + sizeof(long) > bytes.Length ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[at..]))];
    }
}
