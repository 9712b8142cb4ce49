using Orleans.Runtime;

namespace OrleansGeo.Tests.Samples.Journals;

/// <summary>Writes behind: lines wait in a field, a timer and the deactivation write them.</summary>
[GrainType("sample.journal")]
[GeoGrain(Durability.Quorum)]
public sealed class Journal([PersistentState("journal", "geo")] IPersistentState<JournalState> journal) : Grain, IJournal
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _buffer = [];
    private readonly List<string> _confirmed = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(FlushAsync, new() { DueTime = FlushEvery, Period = FlushEvery });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => FlushAsync();

    public Task Add(string line)
    {
        // A line of a request that is repeated since its region was lost may be here.
        if (!_buffer.Contains(line) && !journal.State.Lines.Contains(line))
        {
            _buffer.Add(line);
        }

        return Task.CompletedTask;
    }

    public Task<string[]> Confirmed() => Task.FromResult(_confirmed.ToArray());

    public Task<int> Buffered() => Task.FromResult(_buffer.Count);

    public Task<string[]> Lines() => Task.FromResult(journal.State.Lines.ToArray());

    private async Task FlushAsync()
    {
        if (_buffer.Count == 0)
        {
            return;
        }

        journal.State.Lines.AddRange(_buffer.Except(journal.State.Lines));
        await journal.WriteStateAsync();
        _confirmed.AddRange(_buffer);
        _buffer.Clear();
    }
}
