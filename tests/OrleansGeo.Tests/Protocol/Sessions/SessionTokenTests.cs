using System.Buffers.Text;
using CsCheck;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;

namespace OrleansGeo.Tests.Protocol.Sessions;

public sealed class SessionTokenTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    private static readonly Gen<SessionFloors> Floors =
        Gen.Select(Gen.Select(Gen.Int[0, 4096], Gen.Long[1, 1 << 20], Gen.Long[1, long.MaxValue]).Array[0, SessionFloors.Limit], Gen.Bool)
            .Select(static (floors, forgotten) => SessionFloors.Of(
                floors.DistinctBy(static floor => floor.Item1).Select(static floor => new SessionFloor(floor.Item1, new(floor.Item2, new(floor.Item3)))), forgotten));

    [Fact]
    public void A_token_says_what_the_session_saw_and_is_bounded() => Floors.Sample(floors =>
    {
        var token = SessionToken.Create(floors, Secret);
        Assert.InRange(token.Length, 1, SessionToken.MaxLength);
        Assert.True(SessionToken.TryRead(token, Secret, out var read, out _));
        Assert.Equal(floors.All.AsEnumerable(), read.All);
        Assert.Equal(floors.HasForgotten, read.HasForgotten);
    });

    [Fact]
    public void A_token_that_was_changed_anywhere_is_refused() => Gen.Select(Floors, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample((floors, at, by) =>
    {
        var bytes = Base64Url.DecodeFromChars(SessionToken.Create(floors, Secret));
        bytes[at % bytes.Length] ^= by;
        return !SessionToken.TryRead(Base64Url.EncodeToString(bytes), Secret, out _, out var problem) && problem.Length > 0;
    });

    [Fact]
    public void A_token_that_was_cut_off_is_refused() => Gen.Select(Floors, Gen.Int[0, int.MaxValue]).Sample((floors, at) =>
    {
        var token = SessionToken.Create(floors, Secret);
        return !SessionToken.TryRead(token[..(at % token.Length)], Secret, out _, out _);
    });

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not base64url!")]
    [InlineData("AQ")]
    public void Nonsense_is_refused(string token) => Assert.False(SessionToken.TryRead(token, Secret, out _, out _));

    [Fact]
    public void A_token_of_another_world_is_refused()
    {
        var token = SessionToken.Create(SessionFloors.Empty, new byte[32]);
        Assert.False(SessionToken.TryRead(token, Secret, out _, out var problem));
        Assert.Contains("another world", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_a_future_version_is_refused_with_that_reason()
    {
        var bytes = Base64Url.DecodeFromChars(SessionToken.Create(SessionFloors.Empty, Secret));
        bytes[0] = 2;
        Assert.False(SessionToken.TryRead(Base64Url.EncodeToString(bytes), Secret, out _, out var problem));
        Assert.Contains("version 2", problem, StringComparison.Ordinal);
    }
}
