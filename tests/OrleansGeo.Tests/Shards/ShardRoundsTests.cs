using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Tests.Loops;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Shards;

/// <summary>Rounds over shards whose work the test lets end, by a clock that it moves.</summary>
public sealed class ShardRoundsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LoopTime _time = new();
    private readonly LoopLog _log = new();
    private readonly Lock _lock = new();
    private readonly List<string> _begun = [];
    private readonly Dictionary<string, TaskCompletionSource> _held = [];

    [Fact]
    public async Task A_shard_whose_work_hangs_is_not_worked_on_twice_and_holds_up_no_other()
    {
        var rounds = Rounds(atOnce: 2);
        Hold("a");
        for (var i = 0; i < 3; i++)
        {
            rounds.Ask(Ids("a", "b", "c"));
        }

        Assert.Equal(["a", "b", "c", "b", "c", "b", "c"], _begun);
        End("a");
        await AgainAsync(rounds, "a");
    }

    [Fact]
    public async Task So_many_at_a_time_and_the_others_in_their_turn()
    {
        var rounds = Rounds(atOnce: 2);
        Hold("a", "b", "c", "d");
        rounds.Ask(Ids("a", "b", "c", "d"));
        rounds.Ask(Ids("d", "c", "b", "a"));
        Assert.Equal(["a", "b"], _begun);
        End("b");
        await Wait.UntilAsync("the next has begun", () => Task.FromResult(Begun().SequenceEqual(["a", "b", "c"])));
        End("a");
        await Wait.UntilAsync("the last has begun", () => Task.FromResult(Begun().SequenceEqual(["a", "b", "c", "d"])));
    }

    [Fact]
    public async Task Work_that_takes_too_long_gives_its_place_away_is_told_of_and_still_not_begun_twice()
    {
        var rounds = Rounds(atOnce: 2);
        Hold("a", "b");
        rounds.Ask(Ids("a", "b", "c"));
        Assert.Equal(["a", "b"], _begun);
        _time.Advance(Patience);
        rounds.Ask(Ids("a", "b", "c"));
        Assert.Equal(["a", "b", "c"], _begun);
        Assert.Equal(
            ["a", "b"],
            _log.Lines.Select(static line => line["Warning: The maintenance of shard ".Length..].Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Contains("has taken more than 10 s and is still waited for. Meanwhile nothing is kept short; other shards are not concerned.", _log.Lines[0], StringComparison.Ordinal);

        // Their end takes no place that is not theirs any more.
        End("a");
        End("b");
        await AgainAsync(rounds, "a");
        await AgainAsync(rounds, "b");
        Hold("x", "y", "z");
        rounds.Ask(Ids("x", "y", "z"));
        Assert.Equal(["x", "y"], Begun()[^2..]);
    }

    [Fact]
    public void What_fails_is_told_of_once_a_minute_for_each_shard()
    {
        var rounds = new ShardRounds<ShardId>(
            Config(2), static shard => shard, static shard => shard.Name == "c" ? Task.CompletedTask : throw new IOException("The disk is full."), _time, _log);
        rounds.Ask(Ids("a", "b", "c"));
        rounds.Ask(Ids("a", "b", "c"));
        Assert.Equal(2, _log.Lines.Count);
        Assert.Equal(
            "Warning: The maintenance of shard a failed and is tried again: The disk is full. Meanwhile nothing is kept short; other shards are not concerned. If it goes on, mend what the problem names.",
            _log.Lines[0]);
        _time.Advance(TimeSpan.FromMinutes(1));
        rounds.Ask(Ids("a"));
        Assert.Equal(3, _log.Lines.Count);
    }

    [Fact]
    public async Task Drained_rounds_begin_nothing_and_end_with_what_is_under_way()
    {
        var rounds = Rounds(atOnce: 1);
        Hold("a");
        rounds.Ask(Ids("a", "b"));
        var drained = rounds.DrainAsync();
        Assert.False(drained.IsCompleted);
        End("a");
        await Wait.ForAsync("it is drained", drained);
        rounds.Ask(Ids("c"));
        Assert.Equal(["a"], Begun());
        await Wait.ForAsync("it stays so", rounds.DrainAsync());
    }

    private static ShardRoundsConfig Config(int atOnce) => new() { What = "maintenance", Effect = "nothing is kept short", AtOnce = atOnce, Patience = Patience };

    private static IEnumerable<ShardId> Ids(params string[] names) => names.Select(static name => new ShardId(name));

    private ShardRounds<ShardId> Rounds(int atOnce) => new(Config(atOnce), static shard => shard, WorkAsync, _time, _log);

    private Task WorkAsync(ShardId shard)
    {
        lock (_lock)
        {
            _begun.Add(shard.Name);
            return _held.TryGetValue(shard.Name, out var held) ? held.Task : Task.CompletedTask;
        }
    }

    private void Hold(params string[] names)
    {
        foreach (var name in names)
        {
            _held[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private string[] Begun()
    {
        lock (_lock)
        {
            return [.. _begun];
        }
    }

    private void End(string name)
    {
        lock (_lock)
        {
            _held.Remove(name, out var held);
            held!.SetResult();
        }
    }

    /// <summary>Work that has ended is begun again.</summary>
    private Task AgainAsync(ShardRounds<ShardId> rounds, string name)
    {
        var before = Begun().Count(begun => begun == name);
        return Wait.UntilAsync($"{name} has ended, and begins again", () =>
        {
            rounds.Ask(Ids(name));
            return Task.FromResult(Begun().Count(begun => begun == name) > before);
        });
    }
}
