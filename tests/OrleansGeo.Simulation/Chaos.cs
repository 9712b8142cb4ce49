using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation;

/// <summary>Breaks things, each for a while.</summary>
internal sealed class Chaos(SimWorld world)
{
    private Chance Chance => world.Chance;

    public void Start() => world.Events.After(Chance.Between(1, 2 * world.Config.ChaosEveryMilliseconds) * 1_000L, Strike);

    private void Strike()
    {
        if (world.IsQuiet)
        {
            return;
        }

        if (world.Config is { DisksReplaced: true, Regions: > 1 } && Chance.Percent(10))
        {
            StrikeDisk(world.Regions[Chance.Below(world.Regions.Length)]);
        }
        else if (Chance.Percent(world.Config.OperatorPercent))
        {
            Order();
        }
        else if (Chance.Percent(world.Config.HomeStrikePercent))
        {
            StrikeHome(world.Regions[world.IndexOf(world.StateOf(Chance.Below(world.Config.Shards.Length)).Home.Region)]);
        }
        else
        {
            StrikeAny(world.Regions[Chance.Below(world.Regions.Length)]);
        }

        Start();
    }

    /// <summary>What makes homes move, and logs differ while they do.</summary>
    private void StrikeHome(SimRegion home)
    {
        switch (Chance.Below(5))
        {
            case 0:
                Crash(home);
                break;
            case 1:
                home.Store.Queue.CrashAfterEffects = Chance.Between(1, 12);
                StartAgain(home);
                break;
            case 2 when Chance.Percent(30):
                home.Pause(Chance.Between(30, 1_500) * 1_000L);
                break;
            case 2:
                home.Stall(Chance.Between(10, 1_500) * 1_000L);
                break;
            default:
                // Clients beside it go on, and what they write nobody else has.
                Isolate(home, bothWays: Chance.Percent(70));
                break;
        }
    }

    private void StrikeAny(SimRegion region)
    {
        switch (Chance.Below(8))
        {
            case 0:
                Crash(region);
                break;
            case 1:
                region.Store.Queue.Full = true;
                world.Events.After(Chance.Between(10, 400) * 1_000L, () => region.Store.Queue.Full = false);
                break;
            case 2:
                region.Store.Queue.SlowMicroseconds = Chance.Between(10_000, 300_000);
                world.Events.After(Chance.Between(50, 500) * 1_000L, () => region.Store.Queue.SlowMicroseconds = 0);
                break;
            case 3:
                CutLink(region.Index, Chance.Below(world.Regions.Length), bothWays: Chance.Percent(50));
                break;
            case 4:
                Isolate(region, bothWays: Chance.Percent(50));
                break;
            case 5:
                region.Stall(Chance.Between(5, 1_000) * 1_000L);
                break;
            case 6:
                region.Store.Queue.CrashAfterEffects = Chance.Between(1, 20);
                StartAgain(region);
                break;
            default:
                if (world.Config.DuplicateActivations && region.IsUp)
                {
                    region.Duplicate(Chance.Below(world.Config.Shards.Length));
                }
                else
                {
                    world.Network.Heal();
                }

                break;
        }
    }

    /// <summary>An operator, at any region's console.</summary>
    private void Order()
    {
        var console = world.Regions[Chance.Below(world.Regions.Length)];
        var target = Chance.Pick(world.Map.Regions.All);
        var order = Chance.Below(5);
        console.Run(() => console.Control?.Ask(
            topology =>
            {
                return order switch
                {
                    0 => TopologyChanges.SetMode(topology, target, RegionMode.Drained),
                    1 => TopologyChanges.Evict(topology, target),
                    2 => TopologyChanges.SetMode(topology, target, RegionMode.Restoring),
                    _ => TopologyChanges.SetMode(topology, target, RegionMode.Normal),
                };
            },
            null));
        world.Trace($"operator at {console.Id}: {order} for {target}");
    }

    /// <summary>One disk at a time: the next once everybody has found together again.</summary>
    private void StrikeDisk(SimRegion region)
    {
        if (!world.Disks.IsDamaged && Array.TrueForAll(world.Regions, other => other is { IsUp: true, Standing.IsProven: true } && (!world.Config.Rows || other.Shells[world.RowOf(other.Index)] is Shells.HomeShell { WouldServe: true })))
        {
            region.Crash();
            if (Chance.Percent(30))
            {
                world.Disks.Damage(region.Index, Chance.Below(world.Config.Shards.Length));
            }
            else
            {
                world.Disks.Replace(region.Index);
            }

            StartAgain(region);
        }
    }

    private void Crash(SimRegion region)
    {
        region.Crash();
        StartAgain(region);
    }

    private void StartAgain(SimRegion region) => world.Events.After(Chance.Between(5, world.Config.OutageMilliseconds) * 1_000L, () =>
    {
        if (!region.IsUp)
        {
            // Power was lost, perhaps: what the disk holds is right, and nobody knows.
            region.Store.IsContinued &= !world.Config.DisksReplaced || !Chance.Percent(30);
            region.Start();
        }
    });

    private void Isolate(SimRegion region, bool bothWays)
    {
        foreach (var other in world.Regions)
        {
            CutLink(region.Index, other.Index, bothWays);
        }
    }

    private void CutLink(int from, int to, bool bothWays)
    {
        world.Trace($"link {world.NameOf(from)} -> {world.NameOf(to)} cut{(bothWays ? ", both ways" : "")}");
        world.Network.SetCut(from, to, cut: true);
        if (bothWays)
        {
            world.Network.SetCut(to, from, cut: true);
        }

        world.Events.After(Chance.Between(20, world.Config.OutageMilliseconds) * 1_000L, () =>
        {
            world.Network.SetCut(from, to, cut: false);
            world.Network.SetCut(to, from, cut: false);
        });
    }
}
