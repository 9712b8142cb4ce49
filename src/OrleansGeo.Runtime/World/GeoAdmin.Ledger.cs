using System.Globalization;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.World;

/// <summary>The ledgers of all regions, through any of them.</summary>
internal sealed partial class GeoAdmin
{
    private static readonly TimeSpan LedgerDeadline = TimeSpan.FromSeconds(5);

    /// <summary>The list comes within a second, and names the regions whose part is missing.</summary>
    private static readonly TimeSpan ListDeadline = TimeSpan.FromMilliseconds(800);

    public async Task<LostWrites> GetLostWritesAsync(CancellationToken cancellationToken = default)
    {
        var regions = topology.Value.Regions.All;
        var ledgers = await Task.WhenAll(regions.Select(region => TryReadAsync(region, ListDeadline, cancellationToken)));
        var read = regions.Zip(ledgers).Where(static pair => pair.Second is not null).ToList();
        return new(
            [.. read.SelectMany(static pair => pair.Second!.Items.Select(item => Describe(pair.First, item)))],
            [.. read.SelectMany(static pair => pair.Second!.Suspected).Select(static item => new SuspectedLoss(new ShardId(item.Shard), new RegionId(item.Region), item.Epoch, item.From))],
            [.. regions.Zip(ledgers).Where(static pair => pair.Second is null).Select(static pair => pair.First)]);
    }

    public async Task<LostWrite> ReplayAsync(string id, bool overwrite, CancellationToken cancellationToken = default)
    {
        var (region, cut, position) = Parse(id);
        var outcome = await Reach(region, id).Replay(cut, position, overwrite).AsTask().WaitAsync(Deadline, time, cancellationToken);
        return outcome switch
        {
            ReplayOutcome.Replayed or ReplayOutcome.Superseded => await FindAsync(region, id, cut, position, cancellationToken),
            ReplayOutcome.Changed => throw new GeoException(new(
                GeoErrorCode.EntityChanged, $"The entity of lost write '{id}' was written since it was lost; replaying it would undo that. Nothing happened. Discard it, or replay it with overwrite.")),
            ReplayOutcome.Moved => throw new GeoException(new(
                GeoErrorCode.EntityChanged, $"The entity of lost write '{id}' was moved to another shard since it was lost. Nothing happened. Move it back and replay, or discard it.")),
            ReplayOutcome.NotNow => throw new GeoException(new(
                GeoErrorCode.HomeUnavailable, $"The home of the entity of lost write '{id}' cannot be reached now. Nothing happened; try again.", TimeSpan.FromSeconds(1))),
            _ => throw Unknown(id),
        };
    }

    public async Task<LostWrite> DiscardAsync(string id, CancellationToken cancellationToken = default)
    {
        var (region, cut, position) = Parse(id);
        return await Reach(region, id).Mark(cut, position, (byte)LostWriteState.Discarded).AsTask().WaitAsync(Deadline, time, cancellationToken)
            ? await FindAsync(region, id, cut, position, cancellationToken)
            : throw Unknown(id);
    }

    private async Task<LedgerWire?> TryReadAsync(RegionId region, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            return ControlOf(region) is { } control ? await control.ReadLedger().AsTask().WaitAsync(deadline, time, cancellationToken) : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A region that is down or slow is told of as such; the others' ledgers count all the same.
            return null;
        }
    }

    private async Task<LostWrite> FindAsync(RegionId region, string id, long cut, long position, CancellationToken cancellationToken)
    {
        var ledger = await TryReadAsync(region, LedgerDeadline, cancellationToken);
        return ledger?.Items.Where(item => item.Cut == cut && item.Position == position).Select(item => Describe(region, item)).FirstOrDefault() ?? throw Unknown(id);
    }

    private static LostWrite Describe(RegionId region, LostWriteWire item) => new(
        string.Create(CultureInfo.InvariantCulture, $"{region}-{item.Cut}-{item.Position}"),
        region,
        new ShardId(item.Shard),
        item.Entity,
        new RequestId(item.RequestHigh, item.RequestLow) is { IsNone: false } request ? request.ToString() : "",
        item.Epoch,
        item.Position,
        [.. item.States],
        (LostWriteState)item.State);

    private IControlGrain? ControlOf(RegionId region) => links.GrainsOf(region, grains)?.GetGrain<IControlGrain>(0);

    private IControlGrain Reach(RegionId region, string id) => ControlOf(region) ?? throw new GeoException(new(
        GeoErrorCode.HomeUnavailable, $"{region}, whose ledger has the lost write '{id}', cannot be reached from here. Nothing happened; try again, or through another region.", TimeSpan.FromSeconds(1)));

    private (RegionId Region, long Cut, long Position) Parse(string id)
    {
        var parts = id.Split('-');
        return parts.Length >= 3
            && long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && long.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out var cut)
            && string.Join('-', parts[..^2]) is var name
            && topology.Value.Regions.All.Any(region => region.Name == name)
                ? (new RegionId(name), cut, position)
                : throw Unknown(id);
    }

    private static GeoException Unknown(string id) => new(new(
        GeoErrorCode.UnknownLostWrite, $"No ledger that can be reached has a lost write '{id}': GET /v1/geo/lost-writes lists them. Nothing happened."));
}
