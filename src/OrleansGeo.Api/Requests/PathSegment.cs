using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Api.Requests;

/// <summary>A key in the path as the client meant it.</summary>
/// <remarks>
/// The server decodes a path before routing but leaves <c>%2F</c> as it is, so that in a route value <c>%2F</c> may have been sent as
/// <c>%2F</c> (a slash) or <c>%252F</c> (the three characters). Only the request target as sent tells them apart, so segments are decoded
/// from there, strictly: a broken escape or bytes that are not UTF-8 are refused, not guessed at.
/// </remarks>
internal static class PathSegment
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="httpContext">The request.</param>
    /// <param name="name">What the segment is, for messages.</param>
    /// <param name="routeValue">What routing made of it.</param>
    /// <param name="fromEnd">Its place: 0 is the last segment of the path.</param>
    /// <param name="maxBytes">The most UTF-8 bytes that it may have.</param>
    /// <param name="takesControls">Whether control characters are taken: not in a key, which stores and logs must show.</param>
    public static Parsed<string> Read(HttpContext httpContext, string name, string routeValue, int fromEnd, int maxBytes, bool takesControls = false)
    {
        var sent = Sent(httpContext, fromEnd);
        if (Decode(sent) is not { } text)
        {
            return Refuse(name, "is not UTF-8 in percent-encoding");
        }

        // Routing must have seen the same segment: the server shortens dot segments, and in a target of absolute form decodes the slash.
        if (WithoutEncodedSlash(text) != WithoutEncodedSlash(routeValue))
        {
            return Refuse(name, "cannot be told from the request target: send the path alone, without '.' and '..' segments");
        }

        return Check(text, maxBytes, takesControls) is { } error ? Refuse(name, error) : new(text);
    }

    private static string? Check(string text, int maxBytes, bool takesControls)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        return !takesControls && text.Any(char.IsControl) ? "has a control character"
            : text is "." or ".." ? $"is '{text}', which every HTTP client takes for a place in the path"
            : bytes < 1 || bytes > maxBytes ? string.Create(CultureInfo.InvariantCulture, $"has {bytes} bytes: use 1 to {maxBytes}")
            : null;
    }

    private static Parsed<string> Refuse(string name, string error) => new(new Problem(ProblemKinds.InvalidKey, $"The {name} in the path {error}."));

    private static string WithoutEncodedSlash(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static string Sent(HttpContext httpContext, int fromEnd)
    {
        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];

        // Routing ignores one slash at the end.
        var segments = (path.EndsWith('/') ? path[..^1] : path).Split('/');
        return segments.Length > fromEnd ? segments[^(fromEnd + 1)] : "";
    }

    private static string? Decode(string sent)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(sent.Length));
        try
        {
            return TryUnescape(sent, bytes, out var count) ? Strict.GetString(bytes, 0, count) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static bool TryUnescape(string sent, byte[] bytes, out int count)
    {
        count = 0;
        for (var i = 0; i < sent.Length; i++)
        {
            if (sent[i] == '%')
            {
                if (i + 2 >= sent.Length || Convert.FromHexString(sent.AsSpan(i + 1, 2), bytes.AsSpan(count), out _, out _) != OperationStatus.Done)
                {
                    return false;
                }

                count++;
                i += 2;
            }
            else
            {
                if (!char.IsAscii(sent[i]))
                {
                    return false;
                }

                bytes[count++] = (byte)sent[i];
            }
        }

        return true;
    }
}
