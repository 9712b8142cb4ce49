using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Ledgers;

namespace OrleansGeo.Tests.Failover;

/// <summary>When the home of a lost write is asked whether its caller repeated it.</summary>
public sealed class OpenEntryTests
{
    private static readonly LostEntry Entry = new(1, new LogPosition(1), new("r-00"), 1, "t/e", new(1, 1), []);

    [Fact]
    public void It_is_asked_about_less_and_less_often_and_at_least_every_minute()
    {
        var open = new OpenEntry(Entry, TimeSpan.Zero);
        var asked = new List<double>();
        for (var now = TimeSpan.Zero; now < TimeSpan.FromHours(1); now += TimeSpan.FromSeconds(5))
        {
            if (open.Due <= now)
            {
                open.Asked(now);
                asked.Add(now.TotalSeconds);
            }
        }

        var pauses = asked.Skip(1).Zip(asked, static (later, earlier) => later - earlier).ToList();
        Assert.All(pauses.Take(6), static pause => Assert.Equal(5, pause));
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(60, pauses[^1]);
        Assert.InRange(asked.Count, 60, 100);
    }
}
