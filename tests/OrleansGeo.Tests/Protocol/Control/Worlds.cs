namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Worlds that more than one test wants.</summary>
internal static class Worlds
{
    /// <summary>Europe, America and Asia, as Azure's published round trips have them: 94, 182 and 232 ms.</summary>
    public static ControlWorld Azure(ulong seed = 1)
    {
        var world = new ControlWorld(new() { Seed = seed });
        SetRoundTrip(world, 0, 1, 94);
        SetRoundTrip(world, 1, 2, 182);
        SetRoundTrip(world, 0, 2, 232);
        return world;
    }

    public static void SetRoundTrip(ControlWorld world, int one, int other, double milliseconds)
    {
        foreach (var link in (ReadOnlySpan<WorldLink>)[world.Link(one, other), world.Link(other, one)])
        {
            link.Delay = TimeSpan.FromMilliseconds(milliseconds / 2);
            link.Jitter = TimeSpan.FromMilliseconds(milliseconds / 50);
        }
    }

    /// <summary>All regions are up, and have been for a few seconds and a random part of a renewal.</summary>
    public static ControlWorld Settled(this ControlWorld world)
    {
        world.StartAll();
        Assert.True(world.RunUntil(() => world.IsHealthy, TimeSpan.FromSeconds(10)), "it did not start");
        world.RunFor(TimeSpan.FromSeconds(3 + world.Random.NextDouble()));
        return world;
    }

    public static ControlWorld Settled(int regions, ulong seed = 1) => new ControlWorld(new() { Regions = regions, Seed = seed }).Settled();
}
