namespace OrleansGeo.Simulation;

/// <summary>Breaks things, each for a while.</summary>
internal sealed class Chaos(SimWorld world)
{
    public void Start() => world.Events.After(world.Chance.Between(1, 2 * world.Config.ChaosEveryMilliseconds) * 1_000L, Strike);

    private void Strike()
    {
        if (world.IsQuiet)
        {
            return;
        }

        var chance = world.Chance;
        var region = world.Regions[chance.Below(world.Regions.Length)];
        if (chance.Percent(world.Config.PromotionPercent))
        {
            world.Administrator.Promote(chance.Below(world.Config.Shards.Length), null);
        }
        else
        {
            switch (chance.Below(5))
            {
                case 0:
                    Crash(region);
                    break;
                case 1:
                    region.Store.Queue.Full = true;
                    world.Events.After(chance.Between(10, 300) * 1_000L, () => region.Store.Queue.Full = false);
                    break;
                case 2:
                    CutLink(region.Index, chance.Below(world.Regions.Length), chance.Percent(50));
                    break;
                case 3:
                    foreach (var other in world.Regions)
                    {
                        CutLink(region.Index, other.Index, bothWays: true);
                    }

                    break;
                default:
                    if (world.Config.DuplicateActivations && region.IsUp)
                    {
                        region.Duplicate(chance.Below(world.Config.Shards.Length));
                    }
                    else
                    {
                        world.Network.Heal();
                    }

                    break;
            }
        }

        Start();
    }

    private void Crash(SimRegion region)
    {
        if (region.IsUp)
        {
            region.Crash();
            world.Events.After(world.Chance.Between(5, world.Config.OutageMilliseconds) * 1_000L, () =>
            {
                if (!region.IsUp)
                {
                    region.Start();
                }
            });
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

        world.Events.After(world.Chance.Between(20, world.Config.OutageMilliseconds) * 1_000L, () =>
        {
            world.Network.SetCut(from, to, cut: false);
            world.Network.SetCut(to, from, cut: false);
        });
    }
}
