using System.Text;
using OrleansGeo.Api.Documents;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Tests.Histories;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A client in one region of a world, whose reads are strong.</summary>
internal sealed class DocumentClient(BreakableWorld world, string region, RegionDoor door, TimeSpan deadline) : IDocumentClient
{
    public IDisposable BeginSession() => GeoSession.Begin(new() { Consistency = ReadConsistency.Strong, Deadline = deadline });

    public Task WhenReadyAsync(CancellationToken cancellationToken) => door.WhenOpenAsync().WaitAsync(cancellationToken);

    public async Task<DocumentAnswer> CallAsync(string key, DocumentAction action)
    {
        var life = door.Life;
        try
        {
            life.ThrowIfCancellationRequested();
            var call = SendAsync(world[region].Grains.GetGrain<IDocument>(key), action).AsTask();
            return Answer(await call.WaitAsync(life), GeoSession.Current!.Last!.Value);
        }
        catch (Exception exception) when (life.IsCancellationRequested)
        {
            throw new OutcomeUnknownException($"{region} died.", exception);
        }
    }

    private static ValueTask<DocumentResult> SendAsync(IDocument document, DocumentAction action) => action.Kind switch
    {
        DocumentActionKind.Get => document.Get(),
        DocumentActionKind.Put => document.Put(Json(action), new(null, null)),
        DocumentActionKind.Swap when action.ExpectedVersion is { } version => document.Put(Json(action), new(DocumentVersions.Of([version.ToString()]), null)),
        DocumentActionKind.Swap => document.Put(Json(action), new(null, DocumentVersions.Any)),
        _ => document.Delete(new(null, null)),
    };

    private static byte[] Json(DocumentAction action) => Encoding.UTF8.GetBytes($"\"{action.Value}\"");

    private static DocumentAnswer Answer(DocumentResult result, GeoCallResult call)
    {
        var outcome = result.Status switch
        {
            DocumentStatus.Found => DocumentOutcome.Found,
            DocumentStatus.NotFound => DocumentOutcome.Absent,
            DocumentStatus.Created => DocumentOutcome.Created,
            DocumentStatus.Replaced => DocumentOutcome.Replaced,
            DocumentStatus.Deleted => DocumentOutcome.Deleted,
            DocumentStatus.Conflict => DocumentOutcome.Refused,
            _ => throw new InvalidOperationException($"A document cannot answer {result.Status} to this."),
        };
        var value = result.Json is { } json ? Encoding.UTF8.GetString(json).Trim('"') : null;
        return new(outcome, value, call.Version == RecordVersion.None ? null : call.Version, call.ServedBy.Name);
    }
}
