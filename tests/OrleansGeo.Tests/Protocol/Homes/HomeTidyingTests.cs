using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Sharding;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol.Homes;

/// <summary>When a home writes a checkpoint, and when it trims its log.</summary>
public sealed class HomeTidyingTests
{
    private static readonly HomeRunConfig AfterTwo = new() { CheckpointEntries = 2, CheckpointInterval = TimeSpan.FromSeconds(5) };

    [Fact]
    public void A_checkpoint_is_due_after_so_many_entries_or_so_long()
    {
        var bench = Written(1);
        Assert.Null(bench.Run.NextCheckpoint(bench.Now));
        Assert.NotNull(bench.Run.NextCheckpoint(bench.Now + TimeSpan.FromSeconds(5)));

        bench = Written(2);
        var due = bench.Run.NextCheckpoint(bench.Now)!;
        Assert.Equal((bench.Token, At(2), 1), (due.Token, due.Through, due.Changes.Count));
    }

    [Fact]
    public void One_checkpoint_at_a_time_is_under_way_and_one_that_failed_is_due_again()
    {
        var bench = Written(2);
        var due = bench.Run.NextCheckpoint(bench.Now)!;
        Assert.Null(bench.Run.NextCheckpoint(bench.Now));
        bench.Run.Checkpointed(due, null, bench.Now);
        due = bench.Run.NextCheckpoint(bench.Now)!;
        bench.Now += TimeSpan.FromSeconds(5);
        bench.Run.Checkpointed(due, bench.Head with { Checkpoint = due.Through }, bench.Now);
        Assert.Equal(At(2), bench.Run.Log.Head.Checkpoint);
        bench.Store(bench.Append());
        Assert.Null(bench.Run.NextCheckpoint(bench.Now));
    }

    [Fact]
    public void A_checkpoint_goes_no_further_than_a_majority()
    {
        var bench = new RunBench(ShardFamily.Region, replicas: 2, config: AfterTwo);
        bench.Store(bench.Append());
        bench.Store(bench.Append());
        Assert.Null(bench.Run.NextCheckpoint(bench.Now));
    }

    [Fact]
    public void A_log_is_trimmed_as_far_as_it_may_be()
    {
        var bench = Trimmable();
        Assert.Equal(At(2), bench.Run.NextTrim());
        bench.Run.Log.Trimmed(bench.Head with { Trimmed = At(2) });
        Assert.Null(bench.Run.NextTrim());
    }

    /// <summary>Whether the store did it may never be known, and a replica that is copied to goes on from where rows surely are.</summary>
    [Fact]
    public void What_is_to_be_trimmed_may_be_gone_from_then_on()
    {
        var bench = Trimmable();
        Assert.Equal(At(0), bench.Run.Log.BeginCopy().Start.Trimmed);
        Assert.Equal(At(2), bench.Run.NextTrim());
        Assert.Equal(At(2), bench.Run.Log.BeginCopy().Start.Trimmed);
        Assert.Equal(At(2), bench.Run.NextTrim());
    }

    /// <summary>Its store may have promised the shard to another region already.</summary>
    [Fact]
    public void A_home_that_hands_over_leaves_its_store_alone()
    {
        var bench = Written(2);
        bench.Run.Log.BeginHandOver();
        Assert.Null(bench.Run.NextCheckpoint(bench.Now));
        bench.Run.Log.EndHandOver();
        Assert.NotNull(bench.Run.NextCheckpoint(bench.Now));

        bench = Trimmable();
        bench.Run.Log.BeginHandOver();
        Assert.Null(bench.Run.NextTrim());
    }

    [Fact]
    public void A_home_that_ended_leaves_its_store_alone()
    {
        var bench = Trimmable();
        bench.Store(bench.Append());
        bench.Store(bench.Append());
        bench.Run.Close("it goes elsewhere");
        Assert.Null(bench.Run.NextCheckpoint(bench.Now));
        Assert.Null(bench.Run.NextTrim());
        bench.Run.EvictOld(bench.Now + TimeSpan.FromHours(1));
        Assert.Equal(bench.Run.Log.Stored, bench.Run.Log.LastStaged);
    }

    private static RunBench Written(int rows)
    {
        var bench = new RunBench(replicas: 0, config: AfterTwo);
        for (var row = 0; row < rows; row++)
        {
            bench.Store(bench.Append());
        }

        return bench;
    }

    /// <summary>Two rows are checkpointed and forgotten.</summary>
    private static RunBench Trimmable()
    {
        var bench = Written(2);
        var due = bench.Run.NextCheckpoint(bench.Now)!;
        bench.Run.Checkpointed(due, bench.Head with { Checkpoint = due.Through }, bench.Now);
        bench.Now += TimeSpan.FromHours(1);
        bench.Run.EvictOld(bench.Now);
        bench.Store(bench.Run.NextAppend()!);
        return bench;
    }
}
