using OrleansGeo.World.Cli;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.Tests.World.Cli;

public sealed class ShortTimeTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    public void Reads_times(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ShortTime.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1s")]
    [InlineData("10x")]
    [InlineData("m")]
    [InlineData("25h")]
    public void Refuses_others(string text) => Assert.Throws<WorldException>(() => ShortTime.Parse(text));
}
