using System.Security.Claims;
using CsCheck;
using OrleansGeo.Api.Requests;

namespace OrleansGeo.Tests.Api;

/// <summary>By which key an entity knows a caller's request.</summary>
public sealed class IdempotencyScopeTests
{
    private static readonly string[] Types = ["iss", "sub", ClaimTypes.NameIdentifier, "azp", "client_id", "appid", "cid"];

    [Fact]
    public void Without_authentication_a_key_is_what_was_sent()
    {
        Assert.Equal("k", KeyOf(new ClaimsPrincipal(), "k"));
        Assert.Equal("k", KeyOf(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "ada")])), "k"));
        Assert.Null(KeyOf(new ClaimsPrincipal(), null));
        Assert.Null(KeyOf(Caller(("sub", "ada")), null));
    }

    [Fact]
    public void A_caller_is_its_issuer_its_subject_and_its_client()
    {
        string?[] keys =
        [
            KeyOf(Caller(("iss", "a"), ("sub", "ada"), ("azp", "app")), "k"),
            KeyOf(Caller(("iss", "b"), ("sub", "ada"), ("azp", "app")), "k"),
            KeyOf(Caller(("iss", "a"), ("sub", "bob"), ("azp", "app")), "k"),
            KeyOf(Caller(("iss", "a"), ("sub", "ada"), ("azp", "other")), "k"),
            KeyOf(Caller(("iss", "a"), ("sub", "ada"), ("client_id", "app")), "k"),
            KeyOf(Caller(("iss", "a"), ("sub", "ada")), "k"),
            KeyOf(Caller(("iss", "a"), ("azp", "app")), "k"),
            KeyOf(Caller(("iss", "a"), ("sub", "ada"), ("azp", "")), "k"),
            KeyOf(Caller(("iss", "a"), ("sub", "ada"), ("azp", "app")), "l"),
            "k",
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void What_changes_when_a_token_is_renewed_does_not_count() => Assert.Equal(
        KeyOf(Caller(("iss", "a"), ("sub", "ada"), ("azp", "app"), ("jti", "1"), ("exp", "10"), ("scope", "geo.read geo.write")), "k"),
        KeyOf(Caller(("scope", "geo.write"), ("exp", "20"), ("jti", "2"), ("azp", "app"), ("sub", "ada"), ("iss", "a")), "k"));

    /// <summary>However claims and key are written: what is one list of them is not another.</summary>
    [Fact]
    public void No_two_callers_and_keys_meet()
    {
        string?[] texts = [null, "", "a", "b", "aa", "ab", "\0", "a\0", ":", "1:a", "é", "\uD800", "\uD801", "\uFFFD"];
        var one = Gen.Select(Gen.OneOf([.. texts.Select(Gen.Const)]).Array[Types.Length], Gen.OneOf([.. new[] { "a", "b", "ab", "aab" }.Select(Gen.Const)]));
        Gen.Select(one, one).Where(static pair => pair.Item1.Item1[1] is { Length: > 0 } && pair.Item2.Item1[1] is { Length: > 0 }).Sample(
            static (left, right) => Assert.Equal(
                left.Item1.SequenceEqual(right.Item1) && left.Item2 == right.Item2,
                KeyOf(Caller(left.Item1), left.Item2) == KeyOf(Caller(right.Item1), right.Item2)));
    }

    /// <summary>Such a key could be sent where callers do not sign in, and would be this caller's.</summary>
    [Fact]
    public void No_header_can_be_the_key_of_a_caller() =>
        Assert.Contains(KeyOf(Caller(("iss", "a"), ("sub", "ada")), "k")!, static character => character is <= ' ' or > '~');

    [Fact]
    public void A_caller_that_signed_in_without_a_token_is_known_by_its_name()
    {
        var ada = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "cookie"));
        var bob = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "bob")], "cookie"));
        Assert.NotEqual(KeyOf(ada, "k"), KeyOf(bob, "k"));
    }

    [Fact]
    public void A_caller_that_nothing_names_is_refused_and_told_what_to_do()
    {
        Assert.False(IdempotencyScope.Of(Caller(("iss", "a"), ("scope", "geo.write")), "k").TryGet(out _, out var problem));
        Assert.Contains("sub", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("azp", problem.Detail, StringComparison.Ordinal);
        Assert.True(IdempotencyScope.Of(Caller(("iss", "a"), ("scope", "geo.write")), null).TryGet(out _, out _));
    }

    private static string? KeyOf(ClaimsPrincipal caller, string? key)
    {
        Assert.True(IdempotencyScope.Of(caller, key).TryGet(out var name, out var problem), problem?.Detail);
        return name.Key;
    }

    private static ClaimsPrincipal Caller(params ReadOnlySpan<(string Type, string Value)> claims)
    {
        var identity = new ClaimsIdentity("test");
        foreach (var (type, value) in claims)
        {
            identity.AddClaim(new(type, value));
        }

        return new(identity);
    }

    private static ClaimsPrincipal Caller(string?[] values) =>
        Caller([.. Types.Zip(values).Where(static pair => pair.Second is not null).Select(static pair => (pair.First, pair.Second!))]);
}
