using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansGeo.Api.Geo;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Entities;

namespace OrleansGeo.World.Drills.Load;

/// <summary>Which entities the load uses, and who writes and reads them from where.</summary>
/// <param name="Targets">Every hash shard that is at home in the region has at least one.</param>
/// <param name="Writers">One per entity; in a partition another one in the region that is cut off.</param>
/// <param name="StrongReaders">One per entity.</param>
/// <param name="LocalReaders">The regions that are read locally.</param>
internal sealed record DrillPlan(
    ImmutableArray<DrillTarget> Targets, ImmutableArray<DrillWriter> Writers, ImmutableArray<(DrillTarget Target, int Through)> StrongReaders, ImmutableArray<int> LocalReaders)
{
    /// <summary>How many entities a local reader reads one after the other.</summary>
    public const int LocalReadsAtOnce = 8;

    /// <summary>How many requests one round of all loops is.</summary>
    public int RequestsPerRound => Writers.Length + StrongReaders.Length + (LocalReaders.Length * LocalReadsAtOnce);

    /// <summary>The shards whose home the drill moves.</summary>
    public IEnumerable<string> AffectedShards => Targets.Where(static target => target.IsAffected).Select(static target => target.Shard).Distinct();

    public static async Task<DrillPlan> CreateAsync(
        DrillRegions world, DrillOptions options, string run, TopologyView topology, CancellationToken cancellationToken)
    {
        var victim = world.Names.IndexOf(options.Region);
        int[] others = [.. Enumerable.Range(0, world.Count).Where(region => region != victim)];
        int[] callers = options.Kind == DrillKind.Switchover ? [.. Enumerable.Range(0, world.Count)] : others;
        var targets = await Task.WhenAll(ChooseIds(run, topology, options).Select(id => LocateAsync(world, options, id, others[0], cancellationToken)));
        var writers = targets.Select((target, i) => new DrillWriter(run, target, callers[i % callers.Length], world.Names[callers[i % callers.Length]]));
        if (options.Kind == DrillKind.Partition)
        {
            writers = writers.Concat(targets.Select(target => new DrillWriter(run, target, victim, options.Region)));
        }

        return new(
            [.. targets],
            [.. writers],
            [.. targets.Select((target, i) => (target, callers[(i + 1) % callers.Length]))],
            options.Kind == DrillKind.Kill ? [.. others] : [.. Enumerable.Range(0, world.Count)]);
    }

    /// <summary>Tries keys until every affected hash shard has one, and keeps some others.</summary>
    private static List<string> ChooseIds(string run, TopologyView topology, DrillOptions options)
    {
        var family = options.IsQuorum ? "q-" : "r-";
        TopologyShardView[] hashed = [.. topology.Shards.Where(shard => shard.Shard.StartsWith(family, StringComparison.Ordinal) && shard.Shard.AsSpan(2).ContainsAnyExceptInRange('0', '9') is false)];
        var missing = hashed.Where(shard => shard.Home == options.Region).Select(static shard => shard.Shard).ToHashSet();
        var controls = hashed.Length == missing.Count ? 0 : options.Controls;
        var ids = new List<string>();
        for (var n = 0; missing.Count > 0 || controls > 0; n++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{run}-{n}");
            var shard = hashed[(int)(HomeChoice.HashOf(Encoding.UTF8.GetBytes(id)).Hash % (uint)hashed.Length)];
            if (missing.Remove(shard.Shard))
            {
                ids.Add(id);
            }
            else if (shard.Home != options.Region && controls > 0)
            {
                controls--;
                ids.Add(id);
            }
        }

        return ids;
    }

    private static async Task<DrillTarget> LocateAsync(DrillRegions world, DrillOptions options, string id, int through, CancellationToken cancellationToken)
    {
        var type = options.IsQuorum ? DrillQuorum.Type : DrillRegion.Type;
        var home = await world.GetAsync<HomeView>(through, $"/v1/geo/homes/{type}/{id}", cancellationToken);
        return new(id, $"/dev/drill/{options.Durability}/{id}", home.Shard, home.Home, home.Epoch, home.Home == options.Region);
    }
}
