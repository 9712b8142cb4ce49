using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Replication;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Gives a shard one place in the region's cluster, and peers a way to it. The work is in <see cref="HomeShard"/> and <see cref="ReplicaShard"/>.</summary>
[GrainType("orleansgeo.shard")]
[HashBasedPlacement]
[KeepAlive]
internal sealed partial class ShardGrain(
    CurrentTopology topology,
    LocalShards locals,
    IRegionStore store,
    IRegionLinks links,
    ILocalSiloDetails silo,
    IOptions<GeoOptions> options,
    IOptions<GeoLimits> limits,
    TimeProvider time,
    ILogger<ShardGrain> logger) : Grain, IShardGrain
{
    private readonly List<Replicator> _replicators = [];
    private int _index;
    private Shard? _shard;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = new ShardId(this.GetPrimaryKeyString());
        _index = topology.Value.Map.IndexOf(id);
        if (_index < 0)
        {
            throw new InvalidOperationException($"This world has no shard '{id}': its regions or shard counts differ from the sender's.");
        }

        var home = topology.Value.HomeOf(_index);
        if (home.Region == options.Value.Self)
        {
            await OpenHomeAsync(id, home, cancellationToken);
        }
        else
        {
            _shard = await ReplicaShard.OpenAsync(id, home, store, limits.Value, time, cancellationToken);
            Announce(id, home.Region);
        }

        // Orleans does not wait for an activation that it gave up: such a one must not serve.
        if (cancellationToken.IsCancellationRequested)
        {
            _shard!.Close("its activation was given up");
            throw new OperationCanceledException(cancellationToken);
        }

        locals.Add(_index, _shard!);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_shard is not { } shard)
        {
            return;
        }

        locals.Remove(_index, shard);
        if (shard is HomeShard home)
        {
            await home.CloseAsync(reason.Description);
            await Task.WhenAll(_replicators.Select(static replicator => replicator.Completion));
        }
        else
        {
            shard.Close(reason.Description);
        }
    }

    public ValueTask<SiloAddress> Locate() => new(silo.SiloAddress);

    public async ValueTask<AppendReplyWire> Append(AppendMessageWire message) => _shard is ReplicaShard replica
        ? AppendReplyWire.From(await replica.AppendAsync(message.ToMessage()))
        : throw Misdirected(message.Region);

    public async ValueTask<bool> Copy(CopyMessageWire message) => _shard is ReplicaShard replica
        ? await replica.CopyAsync(message.ToMessage())
        : throw Misdirected(message.Region);

    public ValueTask Follow(string region)
    {
        foreach (var replicator in _replicators)
        {
            if (replicator.Peer.Name == region)
            {
                replicator.Restart();
            }
        }

        return default;
    }

    private async Task OpenHomeAsync(ShardId id, HomeAssignment home, CancellationToken cancellationToken)
    {
        var family = topology.Value.Map.FamilyOf(_index);
        var peers = links.All;
        var shard = await HomeShard.OpenAsync(id, home, family, [.. peers.Select(static link => link.Peer)], store, limits.Value, time, logger, cancellationToken);
        _shard = shard;
        for (var i = 0; i < peers.Length; i++)
        {
            _replicators.Add(new(shard, i, peers[i], time, logger));
        }

        // A home that was fenced, or that found its store changed by another, gives its place up; the next call opens it afresh.
        shard.Closing.Register(DeactivateOnIdle);
    }

    /// <summary>The home may have nothing to send, and so not know that this replica must learn where it stands.</summary>
    private void Announce(ShardId id, RegionId home)
    {
        if (links.TryGet(home, out var link) && link.TryGetChannel(out var channel))
        {
            channel.Grains.GetGrain<IShardGrain>(id.Name).Follow(options.Value.Region).AsTask().Ignore();
        }
    }

    private InvalidOperationException Misdirected(string sender) =>
        new($"Region {sender} takes itself for the home of shard {this.GetPrimaryKeyString()}, but {options.Value.Region} is: their world settings differ.");
}
