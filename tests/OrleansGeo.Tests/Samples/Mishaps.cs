using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples;

/// <summary>What happens to the regions while an application runs in them. After each, callers everywhere must be answered.</summary>
internal sealed class Mishaps(BreakableWorld world, SampleLoad load)
{
    /// <summary>An entity is moved, East is lost and comes back, West is drained and restored.</summary>
    public async Task HappenAsync(GrainId entity)
    {
        await load.GoOnAsync("the start");
        await MoveAsync(entity, East);
        await LoseAsync(East);
        await MoveAsync(entity, Asia);
        await ReturnAsync(East);
        await DrainAndRestoreAsync(West);
        await MoveAsync(entity, West);
    }

    public async Task MoveAsync(GrainId entity, string region)
    {
        var through = Names.First(name => name != region && world[name].IsRunning);
        await Wait.UntilAsync($"{entity} is in {region}", async () =>
        {
            try
            {
                await world.Admin(through).PinAsync(entity, new(region));
                return true;
            }
            catch (GeoException exception) when (exception.Code is GeoErrorCode.HomeUnavailable or GeoErrorCode.DeadlineExceeded or GeoErrorCode.RegionIsolated)
            {
                return false;
            }
        });
        await load.GoOnAsync($"{entity} was moved to {region}");
    }

    /// <summary>The region is off at once: its links, its disk, its silos.</summary>
    public async Task LoseAsync(string region)
    {
        world.CutOff(region);
        world.DiskOf(region).Crash();
        await world[region].StopAsync();
        await load.GoOnAsync($"{region} was lost");
    }

    public async Task ReturnAsync(string region)
    {
        await world[region].StartAsync();
        await world.RejoinAsync(region);
        await RestoreAsync(region);
    }

    public async Task DrainAndRestoreAsync(string region)
    {
        await world.DrainAsync(Names.First(name => name != region), region);
        await world.WhenHomesAsync(region, region, static count => count == 0);
        await load.GoOnAsync($"{region} was drained");
        await RestoreAsync(region);
    }

    private async Task RestoreAsync(string region)
    {
        await world.Admin(region).RestoreAsync(new(region));
        await world.WhenHomesAsync(region, region, count => count == world.PreferredHomesOf(region));
        await load.GoOnAsync($"{region} was restored");
    }
}
