using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Api.Maps;

/// <summary><c>/v1/maps/{id}</c>: maps of last-writer-wins fields that every region writes at once.</summary>
internal static class MapEndpoints
{
    public static void MapMaps(this IEndpointRouteBuilder endpoints)
    {
        var maps = endpoints.MapGroup("/v1/maps/{id}").WithTags("Maps").WithGeo().WithMetadata(NoEntityTag.Instance);

        maps.MapGet("", Get).WithName("getMap").WithSummary("Read a map")
            .Answers(200, "`{\"fields\": {…}, \"overruled\": n}`: the fields, and how many writes lost to a concurrent one.").Fails(ProblemKinds.InvalidKey);

        maps.MapPut("/{field}", Put).WithName("putField").WithSummary("Write a field: {\"value\": any JSON}")
            .TakesBody(JsonBody.Json).Answers(204, "It is written.").Fails(ProblemKinds.InvalidKey, ProblemKinds.InvalidDocument, ProblemKinds.TooLarge);

        maps.MapDelete("/{field}", Remove).WithName("removeField").WithSummary("Remove a field as this region sees it; a concurrent write survives")
            .Answers(204, "It is gone.").Fails(ProblemKinds.InvalidKey, ProblemKinds.NotFound);
    }

    private static async Task<IResult> Get(string id, HttpContext http, IGrainFactory grains) =>
        EntityKey.Read(http, id, fromEnd: 0).TryGet(out var key, out var problem) ? new JsonText(Text(await grains.GetGrain<IMap>(key).Get())) : problem;

    private static async Task<IResult> Put(string id, string field, HttpContext http, IGrainFactory grains)
    {
        if (!EntityKey.Read(http, id, fromEnd: 1).TryGet(out var key, out var problem)
            || !EntityKey.ReadName(http, "field", field).TryGet(out var name, out problem)
            || !(await JsonBody.ReadAsync(http)).TryGet(out var json, out problem))
        {
            return problem;
        }

        if (Value(json) is not { } value)
        {
            return new Problem(ProblemKinds.InvalidDocument, "The body is not {\"value\": any JSON}, and nothing else.");
        }

        await grains.GetGrain<IMap>(key).Put(name, value);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Remove(string id, string field, HttpContext http, IGrainFactory grains)
    {
        if (!EntityKey.Read(http, id, fromEnd: 1).TryGet(out var key, out var problem) || !EntityKey.ReadName(http, "field", field).TryGet(out var name, out problem))
        {
            return problem;
        }

        return await grains.GetGrain<IMap>(key).Remove(name)
            ? TypedResults.NoContent()
            : new Problem(ProblemKinds.NotFound, "The map has no such field, as this region sees it now. Nothing was removed.");
    }

    private static string? Value(byte[] json)
    {
        using var body = JsonDocument.Parse(json);
        return body.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("value", out var value) && root.EnumerateObject().Count() == 1
            ? value.GetRawText()
            : null;
    }

    private static string Text(MapContent map)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("fields");
            foreach (var (field, value) in map.Fields.Zip(map.Values))
            {
                writer.WritePropertyName(field);
                writer.WriteRawValue(value, skipInputValidation: true);
            }

            writer.WriteEndObject();
            writer.WriteNumber("overruled", map.Overruled);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
