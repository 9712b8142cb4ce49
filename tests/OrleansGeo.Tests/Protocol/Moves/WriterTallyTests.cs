using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Tests.Protocol.Moves;

/// <summary>When an entity follows those who write it.</summary>
public sealed class WriterTallyTests
{
    private const int Home = 0;
    private readonly WriterTally _tally = new(new(TimeSpan.FromSeconds(10), 3, 0.8, 10), 3);
    private TimeSpan _now = TimeSpan.FromMinutes(1);

    [Fact]
    public void It_moves_to_a_region_that_has_most_of_the_writes_of_several_windows_in_a_row()
    {
        Assert.Null(Window((1, 9), (Home, 1)));
        Assert.Null(Window((1, 9), (Home, 1)));
        Assert.Null(Window((1, 8), (Home, 2)));
        Assert.Equal(1, Window());
    }

    [Fact]
    public void A_window_that_says_otherwise_begins_the_count_again()
    {
        foreach (var other in new[] { new[] { (1, 7), (Home, 3) }, [(2, 10)], [(1, 9)], [(Home, 10)] })
        {
            Window((1, 10));
            Window((1, 10));
            Assert.Null(Window(other));
            Assert.Null(Window((1, 10)));
            Assert.Null(Window((1, 10)));
            Assert.Null(Window((1, 10)));
            Window();
        }
    }

    [Fact]
    public void Regions_that_write_in_turn_move_it_nowhere()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(Window((1 + (i % 2), 50)));
        }
    }

    [Fact]
    public void A_pause_is_no_window_and_the_own_region_never_a_target()
    {
        Window((1, 10));
        Window((1, 10));
        Window((1, 10));
        _now += TimeSpan.FromSeconds(30);
        Assert.Null(Window());
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(Window((Home, 50)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_it_moves_no_more_often_than_once_in_so_many_windows(int seed)
    {
        var random = new Random(seed);
        var sinceMove = 0;
        for (var i = 0; i < 2000; i++)
        {
            sinceMove++;
            if (Window((random.Next(3), random.Next(8, 30))) is { } target)
            {
                Assert.NotEqual(Home, target);
                Assert.True(sinceMove >= 3, $"Seed {seed}: moved after {sinceMove} windows.");
                sinceMove = 0;
                _now += TimeSpan.FromMinutes(1);
            }
        }
    }

    /// <summary>One window's writes.</summary>
    /// <returns>What the first of them said of the windows before.</returns>
    private int? Window(params (int From, int Writes)[] writes)
    {
        _now += TimeSpan.FromSeconds(10);
        var said = writes.Length == 0 ? _tally.Note(Home, Home, _now) : null;
        foreach (var (from, count) in writes)
        {
            for (var i = 0; i < count; i++)
            {
                said ??= _tally.Note(from, Home, _now);
            }
        }

        return said;
    }
}
