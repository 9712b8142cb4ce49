using System.Globalization;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.World.Azurite;
using OrleansGeo.Tests.Worlds;
using Xunit.Abstractions;
using static OrleansGeo.Tests.Server.Pauses.PairedWorld;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>A region of two silos, one of which is stopped for longer than Orleans waits before it gives a silo up, and then goes on as if nothing had been.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class SiloPauseTests(TestAzurite azurite, ITestOutputHelper output) : IClassFixture<TestAzurite>
{
    private const string Collection = "pauses";
    private const int Shards = 12;

    /// <summary>Since a silo goes on that was given up. What was sent to it is repeated when it has ended, which takes a busy machine three seconds or four.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What a silo that should have ended may still do shows in this time.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    /// <summary>For requests to reach the socket of a process that is stopped.</summary>
    private static readonly TimeSpan Asked = TimeSpan.FromMilliseconds(200);

    /// <summary>What tells most of all that was said.</summary>
    private static readonly string[] Telling = ["is started", "is stopped", "is continued", "declared dead", "has ended", "holds its lease", "lost its lease", "VIOLATION"];

    private readonly PauseRecord _record = new();
    private readonly List<string> _failures = [];

    [AzuriteFact]
    public async Task A_silo_that_goes_on_after_it_was_given_up_shows_nothing_old_and_holds_up_no_write()
    {
        try
        {
            await using var world = new PairedWorld(azurite.ConnectionString, _record);
            await world.StartAsync();
            var homes = await world.HomesAsync();
            await using var load = await BeginAsync(world);
            await load.GoOnAsync("the start", Patience, [.. world.Pair.Select(static server => server.Name), world.OtherServer.Name]);

            // First the one without the control plane, then the one with it.
            var control = world.ControlHolder;
            await PauseAsync(world, load, world.Pair.Single(server => server != control), homes);
            await PauseAsync(world, load, world.ControlHolder, homes);

            await load.StopAsync();
            await JudgeEndAsync(world, load);
        }
        catch
        {
            output.WriteLine($"All that was said: {WriteLog()}");
            throw;
        }
        finally
        {
            TellAll();
        }

        Assert.True(_record.Violations.Count == 0 && _failures.Count == 0, string.Join('\n', [.. _failures, .. _record.Violations, WriteLog()]));
    }

    /// <summary>Two documents of each shard, written through one silo of the pair each, those at home there through another region as well, and two counters.</summary>
    private async Task<RegisterLoad> BeginAsync(PairedWorld world)
    {
        var writers = new List<RegisterWriter>();
        var shards = new Dictionary<string, int>();
        for (var id = 0; shards.Count < Shards || shards.Values.Any(static count => count < 3); id++)
        {
            var (shard, home) = await world.LocateAsync(Collection, $"{id}");
            var count = shards[shard] = shards.GetValueOrDefault(shard) + 1;
            if (count <= 2 || (count == 3 && home == Region))
            {
                writers.Add(new(count <= 2 ? world.Pair[count - 1] : world.OtherServer, new($"/v1/documents/{Collection}/{id}", shard, home == Region), _record));
            }
        }

        foreach (var server in world.Pair)
        {
            writers.Add(new(server, new($"/v1/counters/{server.Name}", "a row", isOfPair: true) { IsCounter = true }, _record));
        }

        return new(writers, [.. world.Pair, world.OtherServer], _record);
    }

    private async Task PauseAsync(PairedWorld world, RegisterLoad load, PausableServer server, int homes)
    {
        var live = world.Pair.Single(other => other != server);
        var hadControl = world.ControlHolder == server;
        var stopped = _record.Now;
        await server.PauseAsync();
        await world.WhenDeclaredDeadAsync(server);
        var declared = _record.Now;
        _record.Happened($"{server.Name} is declared dead");
        await GoOnAsync(world, load, $"{server.Name} was declared dead", homes, live.Name, world.OtherServer.Name);

        var continued = _record.Now;
        await ContinueAsync(load, server);
        var ended = _record.Now;
        _record.Happened($"{server.Name} has ended");
        await Task.Delay(Watched, TimeProvider.System);
        await GoOnAsync(world, load, $"{server.Name} has ended", homes, live.Name, world.OtherServer.Name);
        var watched = _record.Now;

        await server.StartAsync();
        await GoOnAsync(world, load, $"{server.Name} was started again", homes, server.Name, live.Name, world.OtherServer.Name);

        output.WriteLine($"{server.Name}, {(hadControl ? "with" : "without")} the control plane, was stopped at {PauseRecord.Show(stopped)} and ended {(ended - continued).TotalSeconds:0.0} s after it went on:");
        Tell(world, live, "until it was declared dead", stopped, declared);
        Tell(world, live, "until it went on", declared, continued);
        Tell(world, live, "after it went on", continued, watched);
        Tell(world, live, "until it was there again", watched, _record.Now);
        output.WriteLine($"  it answered, before it ended: {string.Join("; ", _record.ReadsOf(server.Name, continued, ended).GroupBy(static read => read.Consistency).Select(Describe))}");
        Judge(server, continued, watched, write => write.Server == live.Name || write.Server == world.OtherServer.Name);
    }

    /// <summary>Completes when the silo has ended, which Orleans asks of one that was given up.</summary>
    private static async Task ContinueAsync(RegisterLoad load, PausableServer server)
    {
        // It finds these when it goes on, before it can have learned anything.
        var asked = load.ReadAllAsync(server);
        await Task.Delay(Asked, TimeProvider.System);
        await server.ContinueAsync();
        using var ends = new CancellationTokenSource();
        var reading = load.HurryAsync(server, ends.Token);
        try
        {
            await Wait.UntilAsync($"{server.Name}, which was given up, ends", () => Task.FromResult(server.HasExited), Patience);
        }
        finally
        {
            await ends.CancelAsync();
            await Task.WhenAll(asked, reading);
        }
    }

    private static async Task GoOnAsync(PairedWorld world, RegisterLoad load, string after, int homes, params string[] servers)
    {
        await Wait.UntilAsync($"{Region} has its homes after {after}", async () => await world.HomesAsync() >= homes, Patience);
        await load.GoOnAsync(after, Patience, servers);
    }

    private void Judge(PausableServer server, TimeSpan continued, TimeSpan watched, Func<WriteSpan, bool> isThroughLive)
    {
        if (_record.LongestWrite(continued, watched, isThroughLive) is { } longest && longest.WaitedWithin(continued, watched) > LongestWait)
        {
            _failures.Add($"After {server.Name} had gone on, a write waited {Seconds(longest.WaitedWithin(continued, watched))}: {longest}.");
        }

        var leases = _record.LeasesOf(continued, watched, server.Name);
        if (leases > 0)
        {
            _failures.Add($"After {server.Name} had gone on, which was given up, it took the region's lease {leases} times.");
        }
    }

    /// <summary>Nothing that was acknowledged is lost, and nothing was done twice.</summary>
    private async Task JudgeEndAsync(PairedWorld world, RegisterLoad load)
    {
        foreach (var server in (PausableServer[])[.. world.Pair, world.OtherServer, world.ThirdServer])
        {
            var reader = new RegisterReader(server, RegisterReader.Strong, load.Registers, _record);
            foreach (var register in load.Registers)
            {
                int? number = null;
                await Wait.UntilAsync($"{server.Name} answers a strong read of {register.Path}", async () => (number = await reader.ReadAsync(register)) is not null);
                if (number != register.Acknowledged)
                {
                    _failures.Add($"{server.Name} has {number} of {register.Path} at the end, and {register.Acknowledged} were acknowledged.");
                }
            }
        }
    }

    private void Tell(PairedWorld world, PausableServer live, string when, TimeSpan from, TimeSpan until)
    {
        string Longest(Func<WriteSpan, bool> which) => Seconds(_record.LongestWrite(from, until, which)?.WaitedWithin(from, until) ?? TimeSpan.Zero);
        bool IsOfPair(WriteSpan write) => write.Server == live.Name && write.Register.IsOfPair;
        output.WriteLine(
            $"  {Seconds(until - from)} {when}: longest write of the region's shards through {live.Name} {Longest(IsOfPair)}, none of them acknowledged for {Seconds(_record.LongestSilence(from, until, IsOfPair))}; "
            + $"of other shards {Longest(write => write.Server == live.Name && !write.Register.IsOfPair)}; of the region's through {world.OtherServer.Name} {Longest(write => write.Server == world.OtherServer.Name)}; "
            + $"leases begun {_record.LeasesOf(from, until, [.. world.Pair.Select(static server => server.Name)])}; writes {_record.Writes.Count(write => write.Ended >= from && write.Ended < until)}");
    }

    private void TellAll()
    {
        output.WriteLine($"{_record.Writes.Count} writes, {_record.Violations.Count} answers that must not be");
        foreach (var (answer, count) in _record.Answers.OrderBy(static answer => answer.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{count,8} {answer}");
        }

        foreach (var line in _record.Lines().Where(static line => Telling.Any(word => line.Contains(word, StringComparison.Ordinal))))
        {
            output.WriteLine(line);
        }
    }

    private string WriteLog()
    {
        var file = Path.Combine(Path.GetTempPath(), $"orleansgeo-pause-{Guid.NewGuid():N}.log");
        File.WriteAllLines(file, _record.Lines());
        return file;
    }

    private static string Describe(IGrouping<string, ReadAnswer> reads) => $"{reads.Count()} {reads.Key} reads, {reads.Count(static read => read.Age == 0)} of them as 0 ms old";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
