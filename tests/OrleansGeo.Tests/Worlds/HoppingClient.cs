using OrleansGeo.Tests.Histories;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A client whose every call goes through another region that lives, with nothing but its token to say what it has seen.</summary>
internal sealed class HoppingClient(BreakableWorld world, IReadOnlyDictionary<string, RegionDoor> doors, int start, TimeSpan deadline) : IDocumentClient
{
    private int _calls = start;
    private string? _token;

    public IDisposable BeginSession() => new MemoryStream();

    public Task WhenReadyAsync(CancellationToken cancellationToken) =>
        Task.WhenAny(doors.Values.Select(static door => door.WhenOpenAsync())).WaitAsync(cancellationToken);

    public async Task<DocumentAnswer> CallAsync(string key, DocumentAction action)
    {
        var open = Names.Where(name => doors[name].WhenOpenAsync().IsCompleted).ToList();
        var region = open[_calls++ % open.Count];
        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = _token, Deadline = deadline });
        try
        {
            return await new DocumentClient(world, region, doors[region], deadline).CallAsync(key, action);
        }
        finally
        {
            _token = session.Token ?? _token;
        }
    }
}
