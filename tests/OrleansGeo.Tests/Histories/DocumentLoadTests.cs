using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>The load and the checkers on documents in memory, sound and not.</summary>
public sealed class DocumentLoadTests
{
    private static readonly string[] Keys = ["one", "two"];

    [Fact]
    public async Task What_sound_documents_do_is_accepted_though_answers_are_lost()
    {
        var load = await RunAsync(new MemoryDocuments());
        var history = load.History.Snapshot();
        var verdict = LinearizabilityChecker.Check(new DocumentModel(), history);
        Assert.True(verdict.IsAccepted, verdict.ToString());
        Assert.Empty(SessionChecker.Check([.. history.Select(SessionOperation.Of).OfType<SessionOperation>()]));
        Assert.Contains(history, static operation => operation.IsUnknown);
        Assert.True(load.Refusals[GeoErrorCode.HomeUnavailable] > 0);
    }

    [Fact]
    public async Task Reads_of_an_old_copy_are_refused()
    {
        var history = (await RunAsync(new MemoryDocuments { ReadsLag = true })).History.Snapshot();
        Assert.Equal(VerdictKind.Refused, LinearizabilityChecker.Check(new DocumentModel(), history).Kind);
        Assert.NotEmpty(SessionChecker.Check([.. history.Select(SessionOperation.Of).OfType<SessionOperation>()]));
    }

    [Fact]
    public async Task Errors_that_mean_nothing_happened_though_it_did_are_noticed()
    {
        var history = (await RunAsync(new MemoryDocuments { Lies = true })).History.Snapshot();
        Assert.Equal(VerdictKind.Refused, LinearizabilityChecker.Check(new DocumentModel(), history).Kind);
    }

    [Fact]
    public async Task Any_other_failure_ends_the_load_and_is_thrown()
    {
        var documents = new MemoryDocuments { Bug = new InvalidTimeZoneException("as asked") };
        var load = new DocumentLoad([documents, documents], Keys, seed: 1) { LongestPause = TimeSpan.Zero };
        Assert.Same(documents.Bug, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => load.RunAsync(CancellationToken.None)));
        documents.Bug = new GeoError(GeoErrorCode.InvariantBroken, "as asked").ToException();
        Assert.Same(documents.Bug, await Assert.ThrowsAsync<GeoException>(() => load.RunAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task A_history_tells_when_so_many_operations_were_added()
    {
        var history = new History<DocumentAction, DocumentAnswer>();
        history.Add(HandHistory.Put(1, 2, "before"));
        var done = history.WhenAsync(2, static operation => operation.Input.Kind == DocumentActionKind.Put);
        history.Add(HandHistory.Put(3, 4, "a"));
        history.Add(HandHistory.Get(3, 4, "a"));
        Assert.False(done.IsCompleted);
        history.Add(HandHistory.Put(5, 6, "b"));
        await done;
        Assert.Equal(4, history.Snapshot().Count);
    }

    private static async Task<DocumentLoad> RunAsync(MemoryDocuments documents)
    {
        var load = new DocumentLoad([.. Enumerable.Repeat(documents, 6)], Keys, seed: 7) { LongestPause = TimeSpan.FromMilliseconds(1) };
        using var stop = new CancellationTokenSource();
        var enough = load.History.WhenAsync(2000, static _ => true);
        var running = load.RunAsync(stop.Token);
        await await Task.WhenAny(running, enough);
        await stop.CancelAsync();
        await running;
        return load;
    }

    /// <summary>Documents that lose an answer now and then, and some of which have a fault.</summary>
    private sealed class MemoryDocuments : IDocumentClient, IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, DocumentModelState> _documents = [];
        private readonly Dictionary<string, DocumentModelState> _copy = [];
        private int _calls;
        private long _position;

        public bool ReadsLag { get; init; }

        public bool Lies { get; init; }

        public Exception? Bug { get; set; }

        public IDisposable BeginSession() => this;

        public Task WhenReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<DocumentAnswer> CallAsync(string key, DocumentAction action)
        {
            await Task.Yield();
            lock (_gate)
            {
                var call = ++_calls;
                if (Bug is not null && call > 20)
                {
                    throw Bug;
                }

                if (call % 50 == 1)
                {
                    throw Error(GeoErrorCode.HomeUnavailable);
                }

                var answer = Apply(key, action);
                return call % 60 != 0 ? answer : throw Error(Lies ? GeoErrorCode.HomeUnavailable : GeoErrorCode.DeadlineExceeded);
            }
        }

        public void Dispose()
        {
        }

        private DocumentAnswer Apply(string key, DocumentAction action)
        {
            var (value, version, _) = _documents.GetValueOrDefault(key);
            switch (action.Kind)
            {
                case DocumentActionKind.Get:
                    if (ReadsLag)
                    {
                        (value, version, _) = _copy.GetValueOrDefault(key);
                    }

                    return new(value is null ? DocumentOutcome.Absent : DocumentOutcome.Found, value, version);
                case DocumentActionKind.Swap when value != action.Expected:
                    return new(DocumentOutcome.Refused);
                case DocumentActionKind.Delete when value is null:
                    return new(DocumentOutcome.Absent);
            }

            _copy[key] = _documents.GetValueOrDefault(key);
            version = new(1, new(++_position));
            _documents[key] = new(action.Value, version, true);
            var outcome = action.Kind == DocumentActionKind.Delete ? DocumentOutcome.Deleted : value is null ? DocumentOutcome.Created : DocumentOutcome.Replaced;
            return new(outcome, Version: version);
        }

        private static GeoException Error(GeoErrorCode code) => new GeoError(code, "as asked").ToException();
    }
}
