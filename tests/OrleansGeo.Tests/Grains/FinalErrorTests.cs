using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What will always fail fails once: when a part of it is an entry already, its caller is told so, and a repeat gets the same error.</summary>
[Collection(WorldCollection.Name)]
public sealed class FinalErrorTests(WorldFixture fixture)
{
    private const int TooMuch = 600 * 1024;

    /// <summary>Far below the 30 s for which a caller repeats what may still succeed.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(10);

    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData("too-large")]
    [InlineData("unencodable")]
    public async Task An_answer_that_cannot_be_kept_fails_once_and_says_that_it_happened(string answer)
    {
        var key = $"final-{answer}";
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "order-40" });
            var failed = await Assert.ThrowsAsync<GeoException>(() => CallAsync(region, key, answer));
            Assert.Equal(answer == "too-large" ? GeoErrorCode.TooLarge : GeoErrorCode.InvalidConfiguration, failed.Code);
            Assert.DoesNotContain("Nothing", failed.Message, StringComparison.Ordinal);
        }

        Assert.Equal([key], await Regions.StronglyAsync(() => Scratch(key).Read()));
        Assert.Equal(1, _world.Told(key));
        Assert.Equal(2, await Wait.ForAsync("it goes on", Scratch(key).Append("after"), Prompt));
    }

    [Fact]
    public async Task Without_a_request_key_it_fails_once_too()
    {
        await Assert.ThrowsAsync<GeoException>(() => CallAsync(_world.Regions.Last(), "final-unnamed", "too-large"));
        Assert.Equal(["final-unnamed"], await Regions.StronglyAsync(() => Scratch("final-unnamed").Read()));
        Assert.Equal(1, _world.Told("final-unnamed"));
    }

    [Fact]
    public async Task What_it_called_happened_once_too()
    {
        for (var i = 1; i <= 2; i++)
        {
            var failed = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it fails", Scratch("final-calls").AppendCallAnswer("reserve", "final-called", TooMuch), Prompt));
            Assert.Equal(GeoErrorCode.TooLarge, failed.Code);
            Assert.Contains("The request happened", failed.Message, StringComparison.Ordinal);
            Assert.Equal(Enumerable.Repeat("reserve", i), await Regions.StronglyAsync(() => Scratch("final-called").Read()));
            Assert.Equal(Enumerable.Repeat("reserve", i), await Regions.StronglyAsync(() => Scratch("final-calls").Read()));
        }
    }

    private static Task CallAsync(GeoTestRegion region, string key, string answer)
    {
        var scratch = region.Grains.GetGrain<IScratch>(key);
        return Wait.ForAsync(
            "it fails", answer == "too-large" ? scratch.AppendTellAnswer(key, "final", TooMuch) : scratch.AppendTellAnswerUnencodable(key, "final"), Prompt);
    }

    private IScratch Scratch(string key) => _world.Regions.First().Grains.GetGrain<IScratch>(key);
}
