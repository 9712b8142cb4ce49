using OrleansGeo.Tests.Histories;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>What is done to a world whose documents are in use. Each fault lasts until the others were served during it, and ends when all are served again.</summary>
internal sealed class DocumentFaults(DocumentWorld documents, Action<string> log)
{
    private const int Some = 8;

    private readonly BreakableWorld _world = documents.World;

    public async Task KillAsync(string region)
    {
        Log($"Kill {region}");
        await documents.KillAsync(region);
        await documents.WhenAllServedAsync(Some, Others(region));
        await documents.StartAsync(region);
        await documents.WhenAllServedAsync(Some, Names);
    }

    /// <summary>With a region dead, two are just a majority: a cut between those stops every write, and no lease outlives it for long.</summary>
    public async Task KillAndCutAsync(string region)
    {
        Log($"KillAndCut {region}");
        var (one, other) = (Others(region)[0], Others(region)[1]);
        await documents.KillAsync(region);
        _world.World.Cut(one, other);
        await Wait.UntilAsync("the cut is noticed", () => Task.FromResult(!_world.World.IsLinked(one, other)));
        _world.World.Heal(one, other);
        await documents.WhenAllServedAsync(Some, [one, other]);
        await documents.StartAsync(region);
        await documents.WhenAllServedAsync(Some, Names);
    }

    /// <summary>All can still reach all, through the third.</summary>
    public async Task CutAsync(string one, string other)
    {
        Log($"Cut {one} {other}");
        _world.World.Cut(one, other);
        await documents.WhenAllServedAsync(Some, Names);
        await _world.RelinkAsync(one, other);
    }

    /// <summary>A home that is cut off goes on until its lease ends, while the others put another in its place.</summary>
    public async Task CutOffAsync(string region)
    {
        Log($"CutOff {region}");
        _world.CutOff(region);
        await documents.WhenAllServedAsync(Some, Others(region));
        await _world.RejoinAsync(region);
        await documents.WhenAllServedAsync(Some, Names);
    }

    public async Task BreakDiskAsync(string region)
    {
        Log($"BreakDisk {region}");
        _world.DiskOf(region).Faults.IsUnavailable = true;
        await documents.WhenAllServedAsync(Some, Others(region));
        _world.DiskOf(region).Faults.IsUnavailable = false;
        await documents.WhenAllServedAsync(Some, Names);
    }

    public async Task MoveAsync(string region)
    {
        Log($"Move {region}");
        await _world.DrainAsync(Others(region)[0], region);
        await _world.WhenHomesAsync(Others(region)[0], region, static count => count == 0);
        await documents.WhenAllServedAsync(Some, Names);
        await _world.Admin(region).RestoreAsync(new(region));
        foreach (var name in Names)
        {
            await _world.WhenHomesAsync(name, region, count => count == _world.PreferredHomesOf(region));
        }

        await documents.WhenAllServedAsync(Some, Names);
    }

    public Task AnyAsync(Random random)
    {
        var region = Names[random.Next(Names.Length)];
        return random.Next(6) switch
        {
            0 => KillAsync(region),
            1 => KillAndCutAsync(region),
            2 => CutAsync(region, Others(region)[random.Next(2)]),
            3 => CutOffAsync(region),
            4 => BreakDiskAsync(region),
            _ => MoveAsync(region),
        };
    }

    private void Log(string what) => log($"{HistoryClock.Show(documents.Load.History.Clock.Now)}: {what}");

    private static string[] Others(string region) => [.. Names.Where(name => name != region)];
}
