using System.Buffers;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Api.Requests;

/// <summary>Reads a request body that must be one strict JSON value within the limits of <see cref="GeoApiOptions"/>.</summary>
internal static class JsonBody
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    private const string AcceptPatch = "Accept-Patch";
    private const int FirstBufferBytes = 16 * 1024;

    /// <summary>The bytes of the body exactly as they were sent, checked; or the problem: 400, 413 or 415.</summary>
    /// <param name="httpContext">The request.</param>
    /// <param name="mediaTypes">What <c>Content-Type</c> may be. Default: <see cref="Json"/>.</param>
    public static async Task<Parsed<byte[]>> ReadAsync(HttpContext httpContext, params ImmutableArray<string> mediaTypes)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var request = httpContext.Request;
        var options = httpContext.RequestServices.GetRequiredService<IOptions<GeoApiOptions>>().Value;
        if (TypeProblem(request, mediaTypes.IsDefaultOrEmpty ? [Json] : mediaTypes) is { } wrongType)
        {
            return new(wrongType);
        }

        // Said before reading: a client that waits for "100 Continue" then never sends the body.
        if (request.ContentLength > options.MaxDocumentBytes)
        {
            return new(TooLarge(options));
        }

        var body = await ReadBytesAsync(request, options.MaxDocumentBytes, httpContext.RequestAborted);
        return body is null ? new(TooLarge(options))
            : JsonErrors.Find(body, options.MaxDocumentDepth) is { } error ? new(new Problem(ProblemKinds.InvalidDocument, error))
            : new(body);
    }

    /// <remarks>A missing type is refused too: a browser may send one of another site's choosing without asking first (CORS).</remarks>
    private static Problem? TypeProblem(HttpRequest request, ImmutableArray<string> mediaTypes)
    {
        var allowed = string.Join(" or ", mediaTypes);
        var refusal = new Problem(ProblemKinds.UnsupportedMediaType, $"The Content-Type is '{request.ContentType}': use {allowed}.");
        if (HttpMethods.IsPatch(request.Method))
        {
            refusal = refusal with { Headers = refusal.Headers.SetItem(AcceptPatch, string.Join(", ", mediaTypes)) };
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            return refusal with { Detail = $"The Content-Encoding is '{request.Headers.ContentEncoding}': send the body as it is." };
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !mediaTypes.Any(allowed => type.MediaType.Equals(allowed, StringComparison.OrdinalIgnoreCase)))
        {
            return refusal;
        }

        return type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? null
            : refusal with { Detail = $"The charset is '{type.Charset}': JSON is UTF-8 (RFC 8259 §8.1)." };
    }

    /// <summary>Null when there are more bytes than allowed, however the body is framed.</summary>
    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp((request.ContentLength ?? 0) + 1, 256, FirstBufferBytes));
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.GetMemory(), cancellationToken);
            if (read == 0)
            {
                return buffer.WrittenSpan.ToArray();
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > maxBytes)
            {
                return null;
            }
        }
    }

    private static Problem TooLarge(GeoApiOptions options) =>
        new(ProblemKinds.TooLarge, $"The body is larger than {options.MaxDocumentBytes} bytes: send less.");
}
