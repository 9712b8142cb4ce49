using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;

namespace OrleansGeo.Tests.Storage;

/// <summary>One shard of a store, as plainly as it can be said: one epoch per entry, no table, no fence of the product's.</summary>
internal sealed class StoreModel
{
    private FencingToken _promised;
    private long _last;
    private long _trimmed;
    private long _checkpoint;
    private bool _copying;

    /// <summary>The epoch of every entry that was ever in the log and is not cut, trimmed or not.</summary>
    private readonly SortedDictionary<long, long> _epochs = [];
    private readonly List<LogRow> _rows = [];
    private readonly SortedDictionary<string, SortedDictionary<string, StateRecord>> _records = new(StringComparer.Ordinal);

    public List<string> Cuts { get; } = [];

    public long Last => _last;

    public long LastEpoch => _last == 0 ? 0 : _epochs.GetValueOrDefault(_last);

    public long PromisedEpoch => _promised.Epoch;

    public long Checkpoint => _checkpoint;

    public LogRow? RowFrom(long first) => _rows.Find(row => row.First.Value == first);

    public long EpochAt(long position) => _epochs.GetValueOrDefault(position);

    public string Append(AppendCommand command)
    {
        if (Refuses(command.Token))
        {
            return "Fenced";
        }

        if (_copying)
        {
            return "Copying";
        }

        var previous = command.Previous.Value;
        if (previous > _last)
        {
            return "Gap";
        }

        if (previous > _trimmed && EpochAt(previous) != command.PreviousEpoch)
        {
            return "Conflict";
        }

        if (command.Rows.Any(row => row.First.Value <= _last && row.Last.Value > _trimmed && EpochAt(row.First.Value) != row.Epoch))
        {
            return "Conflict";
        }

        if (command.Rows.Any(row => row.First.Value <= _last && row.Last.Value > _last))
        {
            return "Diverged";
        }

        if (command.Rows.Any(row => row.First.Value <= _last && row.Last.Value > _trimmed && !_rows.Exists(there => StoreSamples.Show(there) == StoreSamples.Show(row))))
        {
            return "Diverged";
        }

        if (command.Rows.FirstOrDefault(row => row.First.Value > _last) is { } next && next.Epoch < LastEpoch)
        {
            return "invalid";
        }

        _promised = command.Token;
        foreach (var row in command.Rows.Where(row => row.First.Value > _last))
        {
            _rows.Add(row);
            for (var position = row.First.Value; position <= row.Last.Value; position++)
            {
                _epochs[position] = row.Epoch;
            }

            _last = row.Last.Value;
        }

        return "Stored";
    }

    public void Promise(FencingToken token)
    {
        if (!Refuses(token))
        {
            _promised = token;
        }
    }

    /// <returns>Whether the call is valid.</returns>
    public bool Cut(FencingToken token, long keepThrough, long foreignEpoch)
    {
        if (Refuses(token) || _copying || keepThrough >= _last || EpochAt(keepThrough + 1) != foreignEpoch)
        {
            return true;
        }

        if (keepThrough < _checkpoint || _rows.Any(row => row.First.Value <= keepThrough && row.Last.Value > keepThrough))
        {
            return false;
        }

        MoveToLedger(keepThrough);
        ForgetEpochsAfter(keepThrough);
        (_promised, _last) = (token, keepThrough);
        return true;
    }

    /// <returns>Whether the call is valid.</returns>
    public bool MoveCheckpoint(FencingToken token, long through, IEnumerable<StoredRecord> changes)
    {
        if (Refuses(token) || _copying || through <= _checkpoint)
        {
            return true;
        }

        if (through > _last)
        {
            return false;
        }

        _promised = token;
        _checkpoint = through;
        Write(changes);
        return true;
    }

    /// <returns>Whether the call is valid.</returns>
    public bool Trim(FencingToken token, long through)
    {
        if (Refuses(token) || _copying)
        {
            return true;
        }

        if (through > _checkpoint)
        {
            return false;
        }

        _promised = token;
        while (_rows.Count > 0 && _rows[0].Last.Value <= through)
        {
            _trimmed = _rows[0].Last.Value;
            _rows.RemoveAt(0);
        }

        foreach (var states in _records.Values.Where(states => states.Count > 0))
        {
            var newest = states.Values.Max(Order);
            var gone = states.Values.Where(state => state.Bytes is null && state.Version.Position.Value <= _trimmed).ToArray();
            foreach (var state in gone.Where(state => gone.Length == states.Count || Order(state).CompareTo(newest) < 0).ToArray())
            {
                states.Remove(state.Name);
            }
        }

        return true;
    }

    /// <param name="token">Who copies.</param>
    /// <param name="homeEpochs">The epoch of each entry of the home's log, from 1 on.</param>
    /// <param name="homeTrimmed">How many of them the home trimmed.</param>
    public void BeginCopy(FencingToken token, IReadOnlyList<long> homeEpochs, long homeTrimmed)
    {
        var common = Math.Min(_last, homeEpochs.Count);
        while (common > 0 && EpochAt(common) != homeEpochs[(int)common - 1])
        {
            common--;
        }

        if (!Refuses(token) && (_copying || common < homeTrimmed))
        {
            MoveToLedger(common);
            (_promised, _copying, _trimmed, _checkpoint) = (token, true, 0, 0);
            _rows.Clear();
            _records.Clear();
        }
    }

    public void AddToCopy(FencingToken token, IEnumerable<StoredRecord> records)
    {
        if (!Refuses(token) && _copying)
        {
            _promised = token;
            Write(records);
        }
    }

    public void FinishCopy(FencingToken token, long trimmed, long checkpoint, EpochTable epochs)
    {
        if (!Refuses(token) && _copying)
        {
            (_promised, _copying, _last, _trimmed, _checkpoint) = (token, false, trimmed, trimmed, checkpoint);
            _epochs.Clear();
            for (var position = 1L; position <= trimmed; position++)
            {
                _epochs[position] = epochs.EpochAt(new(position));
            }
        }
    }

    /// <summary>In the form of <see cref="StoreSamples.ShowAsync"/>.</summary>
    public string Show()
    {
        var starts = _epochs.Where(entry => EpochAt(entry.Key - 1) != entry.Value).Select(entry => $"{entry.Value}@{entry.Key}");
        var head = $"{_promised} last {_last} trimmed {_trimmed} checkpoint {_checkpoint}{(_copying ? " copying" : "")} epochs {string.Join(' ', starts)}";
        var records = _records.Where(entry => entry.Value.Count > 0)
            .Select(entry => $"{entry.Key}: {string.Join(' ', entry.Value.Values.Select(StoreSamples.Show))}");
        return string.Join('\n', [head, .. _rows.Select(StoreSamples.Show), .. records, .. Cuts]);
    }

    private bool Refuses(FencingToken token) =>
        token.Epoch < _promised.Epoch || (token.Epoch == _promised.Epoch && token.Epoch > 0 && token.Region.Name != _promised.Region.Name);

    private void Write(IEnumerable<StoredRecord> records)
    {
        foreach (var (entity, record) in records)
        {
            foreach (var state in record.States)
            {
                _records.TryAdd(entity, new(StringComparer.Ordinal));
                if (!_records[entity].TryGetValue(state.Name, out var stored) || Order(state).CompareTo(Order(stored)) >= 0)
                {
                    _records[entity][state.Name] = state;
                }
            }
        }
    }

    /// <summary>Newer is later in the log, and of the higher epoch at one position.</summary>
    private static (long Position, long Epoch) Order(StateRecord state) => (state.Version.Position.Value, state.Version.Epoch);

    private void MoveToLedger(long keepThrough)
    {
        Cuts.AddRange(_rows.Where(row => row.First.Value > keepThrough).Select(row => $"{StoreSamples.Shard} {StoreSamples.Show(row)}"));
        _rows.RemoveAll(row => row.First.Value > keepThrough);
    }

    private void ForgetEpochsAfter(long position)
    {
        foreach (var later in _epochs.Keys.Where(key => key > position).ToArray())
        {
            _epochs.Remove(later);
        }
    }
}
