using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Tests.Shards;

/// <summary>Who comes inside while a shard, or an entity, leaves, and how long that is waited for.</summary>
public sealed class DeparturesTests
{
    private static readonly TimeSpan Ages = TimeSpan.FromMinutes(5);

    private readonly Departures _departures = new();

    [Theory]
    [InlineData(null)]
    [InlineData("a")]
    public async Task It_closes_when_nobody_is_inside_any_more_and_opens_when_it_stays(string? leaving)
    {
        Assert.True(_departures.TryEnter("a", mustFinish: false));
        _departures.Announce(leaving);
        Assert.False(_departures.TryEnter("a", mustFinish: false));
        Assert.True(_departures.TryEnter("a", mustFinish: true));
        var closed = CloseAsync(leaving);
        _departures.Leaves("a");
        Assert.False(closed.IsCompleted);
        _departures.Leaves("a");
        await closed.WaitAsync(Ages);
        Assert.False(_departures.TryEnter("a", mustFinish: true));
        Assert.Equal(leaving is not null, _departures.TryEnter("b", mustFinish: false));

        _departures.Withdraw(leaving);
        Assert.True(_departures.TryEnter("a", mustFinish: false));
    }

    [Fact]
    public async Task It_closes_when_the_time_is_up_whoever_is_inside()
    {
        Assert.True(_departures.TryEnter("a", mustFinish: false));
        _departures.Announce();
        await _departures.CloseAsync(null, TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None).WaitAsync(Ages);
        Assert.False(_departures.TryEnter("a", mustFinish: true));
    }

    [Fact]
    public async Task An_entity_that_leaves_does_not_wait_for_others()
    {
        Assert.True(_departures.TryEnter("b", mustFinish: false));
        _departures.Announce("a");
        await CloseAsync("a").WaitAsync(Ages);
    }

    [Fact]
    public void What_several_announced_is_withdrawn_by_the_last_one()
    {
        _departures.Announce("a");
        _departures.Announce("a");
        _departures.Withdraw("a");
        Assert.True(_departures.IsLeaving("a"));
        _departures.Withdraw("a");
        Assert.False(_departures.IsLeaving("a"));
    }

    private Task CloseAsync(string? entity) => _departures.CloseAsync(entity, Ages, TimeProvider.System, CancellationToken.None);
}
