using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Requests;

namespace OrleansGeo.Api.Documents;

/// <summary>The conditions of a request (RFC 9110 §13.1): <c>If-Match</c> and <c>If-None-Match</c>.</summary>
internal static class ConditionHeaders
{
    public static Parsed<DocumentCondition> Parse(HttpRequest request)
    {
        return !Read(HeaderNames.IfMatch, request.Headers.IfMatch, weakMatches: false).TryGet(out var ifMatch, out var problem)
            || !Read(HeaderNames.IfNoneMatch, request.Headers.IfNoneMatch, weakMatches: true).TryGet(out var ifNoneMatch, out problem)
            ? new(problem)
            : new(new DocumentCondition(ifMatch.Value, ifNoneMatch.Value));
    }

    private static Parsed<Versions> Read(string header, StringValues values, bool weakMatches)
    {
        if (values.Count == 0)
        {
            return new(new Versions(null));
        }

        if (!EntityTagHeaderValue.TryParseStrictList(values.OfType<string>().ToList(), out var tags)
            || (tags.Count > 1 && tags.Contains(EntityTagHeaderValue.Any)))
        {
            return new(new Problem(
                ProblemKinds.InvalidRequest, $"The header {header} is neither * nor a list of quoted entity tags such as \"1.7\", \"1.8\"."));
        }

        return tags is [var only] && only.Equals(EntityTagHeaderValue.Any)
            ? new(new Versions(DocumentVersions.Any))
            : new(new Versions(DocumentVersions.Of([.. tags.Where(tag => weakMatches || !tag.IsWeak).Select(Version)])));
    }

    private static string Version(EntityTagHeaderValue tag) => tag.Tag.Subsegment(1, tag.Tag.Length - 2).ToString();

    private readonly record struct Versions(DocumentVersions? Value);
}
