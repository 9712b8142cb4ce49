using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Api.Requests;

/// <summary>Whose idempotency keys count together: one caller's. Another caller's request with an equal key is another request.</summary>
/// <remarks>
/// A caller that signed in is its token's issuer (<c>iss</c>), subject (<c>sub</c>) and client (<c>azp</c>, <c>client_id</c>, <c>appid</c> or <c>cid</c>, by issuer): what stays the same when a token is renewed, and no
/// other caller has. Without authentication there is one caller, and the key is what was sent.
/// </remarks>
internal static class IdempotencyScope
{
    /// <summary>What a header cannot have: no key that is sent as it is can pass for one that was made here.</summary>
    private const char Mark = '\u001F';

    // A new meaning needs a new name: hashes of both must not meet.
    private const string Name = "orleansgeo.idempotency.1";

    private static readonly string[] Subjects = ["sub", ClaimTypes.NameIdentifier];
    private static readonly string[] Clients = ["azp", "client_id", "appid", "cid"];

    /// <summary>The key by which the request is known to its entity.</summary>
    /// <param name="caller">Who sends it.</param>
    /// <param name="key">What it sends; null: no key.</param>
    public static Parsed<RequestName> Of(ClaimsPrincipal caller, string? key)
    {
        if (key is null || !caller.Identities.Any(static identity => identity.IsAuthenticated))
        {
            return new(new RequestName(key));
        }

        string?[] subjects = [.. Subjects.Select(type => caller.FindFirst(type)?.Value)];
        string?[] clients = [.. Clients.Select(type => caller.FindFirst(type)?.Value)];
        if (subjects.All(string.IsNullOrEmpty))
        {
            // Callers that sign in otherwise have a name at most.
            subjects[^1] = caller.Identity?.Name;
        }

        return subjects.Concat(clients).All(string.IsNullOrEmpty)
            ? new(new Problem(
                ProblemKinds.InvalidRequest,
                $"The header {GeoHeaders.IdempotencyKey} cannot be taken from this caller: the token names neither a subject (sub) nor a client ({string.Join(", ", Clients)}), so that the key of another caller could pass for this one. Nothing happened; send a token that names one, or no key."))
            : new(new RequestName(Mark + Hash([Name, IssuerOf(caller), .. subjects, .. clients, key])));
    }

    private static string? IssuerOf(ClaimsPrincipal caller) => caller.FindFirst("iss")?.Value ?? caller.Claims.FirstOrDefault()?.Issuer;

    /// <summary>Each part with its length, so that no two lists are the same bytes; SHA-256, so that no caller can make two meet.</summary>
    private static string Hash(ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part?.Length ?? -1);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A request's name; null: it has none.</summary>
    internal readonly record struct RequestName(string? Key);
}
