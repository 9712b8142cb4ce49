using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Crdts;

/// <summary>One CRDT state of an entity as one region sees it: every region's row merged, and the own row's writes on top.</summary>
/// <remarks>
/// A row is the states that one region wrote, each with the version that its log gave it; row and version are the <i>dot</i> of a write. Rows
/// arrive independently of one another, each in the order of its log. A field hides what its writer had seen. The merge depends only on which
/// part of each row's log has arrived, so it is commutative, associative and idempotent. Not thread-safe: one writer, as a grain is.
/// </remarks>
internal sealed partial class CrdtView
{
    /// <summary>Keys of one state, tombstones included, unless the caller sets another limit.</summary>
    public const int DefaultMaxKeys = 100_000;

    private readonly CrdtRules _rules;
    private readonly string _state;
    private readonly long _incarnation;
    private readonly int _self;
    private readonly Dictionary<string, CrdtKey> _keys = [];
    private readonly Dictionary<string, CrdtKey> _counts = [];

    // Of each row: through where it had come when it was loaded, and through where it is here now; null before it is loaded.
    private readonly RecordVersion?[] _loaded;
    private readonly RecordVersion?[] _through;

    /// <param name="state">The state's name; it may not contain U+001E or U+001F.</param>
    /// <param name="self">The row that is written here.</param>
    /// <param name="rows">All rows of the entity, also those whose regions are gone.</param>
    /// <param name="incarnation">The epoch of the own row's log: that of the store that the own writes go to.</param>
    /// <param name="maxKeys">How many keys <see cref="HasRoomFor"/> allows.</param>
    public CrdtView(string state, string self, IEnumerable<string> rows, long incarnation, int maxKeys = DefaultMaxKeys)
        : this(state, self, rows, incarnation, maxKeys, CrdtRules.All)
    {
    }

    internal CrdtView(string state, string self, IEnumerable<string> rows, long incarnation, int maxKeys, CrdtRules rules)
    {
        if (!CrdtStateNames.IsStateName(state))
        {
            throw new ArgumentException("The name of a CRDT state may not contain U+001E or U+001F: they divide it from its keys.", nameof(state));
        }

        Rows = [.. rows.Distinct().Order(StringComparer.Ordinal)];
        _self = Rows.IndexOf(self);
        if (_self < 0)
        {
            throw new ArgumentException($"'{self}' is not one of the rows {string.Join(", ", Rows)}.", nameof(self));
        }

        _state = state;
        _incarnation = incarnation;
        _rules = rules;
        _loaded = new RecordVersion?[Rows.Length];
        _through = new RecordVersion?[Rows.Length];
        MaxKeys = maxKeys;
    }

    /// <summary>All rows, in ordinal order.</summary>
    public ImmutableArray<string> Rows { get; }

    public string Self => Rows[_self];

    public int MaxKeys { get; }

    /// <summary>Merges what is new of a row. The first call for a row loads it, and the own row is only loaded: after that it changes by <see cref="Staged"/>.</summary>
    /// <param name="row">The row that the states are of.</param>
    /// <param name="states">States of the row, of any names: those of other states and what is older than known are ignored. A batch is taken as a whole.</param>
    /// <param name="through">The version through which the row's log is here after this call. There may be no gap: what was missed is asked for again, or the view made anew.</param>
    /// <exception cref="FormatException">A state is not a field that this version reads. The view is unusable then.</exception>
    public void Apply(string row, IEnumerable<StateRecord> states, RecordVersion through)
    {
        var at = Rows.IndexOf(row);
        if (at < 0)
        {
            throw new ArgumentException($"'{row}' is not one of the rows {string.Join(", ", Rows)}: make the view with all rows.", nameof(row));
        }

        var known = _through[at];
        if (at == _self && known is not null)
        {
            throw new InvalidOperationException($"The own row '{row}' is loaded; it changes only by staged writes. Make a new view to load it again.");
        }

        var touched = new HashSet<CrdtKey>();
        foreach (var state in states)
        {
            if ((known is not { } before || state.Version.CompareIncarnationFirst(before) > 0) && CrdtStateNames.TryParse(_state, state.Name, out var isCount, out var rest))
            {
                if (state.Version.CompareIncarnationFirst(through) > 0)
                {
                    throw new ArgumentException($"Row '{row}' is said to be here through {through}, and has a state of {state.Version}.", nameof(through));
                }

                var key = KeyOf(isCount, rest);
                touched.Add(key);
                if (state.Version.CompareIncarnationFirst(key.Cells[at].Version) > 0)
                {
                    Set(key, at, new(state.Version, state.Bytes is { } bytes ? CrdtFieldCodec.Decode(bytes) : null));
                }
            }
        }

        foreach (var key in touched)
        {
            Settle(key);
        }

        _loaded[at] ??= through;
        _through[at] = known is { } now && now.CompareIncarnationFirst(through) > 0 ? now : through;
    }

    private int Compare(RecordVersion left, RecordVersion right) => _rules.IncarnationFirst ? left.CompareIncarnationFirst(right) : left.CompareTo(right);

    private CrdtKey KeyOf(bool isCount, string rest)
    {
        var keys = isCount ? _counts : _keys;
        if (!keys.TryGetValue(rest, out var key))
        {
            key = new(rest, isCount ? CrdtStateNames.OfOverruled(_state, rest) : CrdtStateNames.OfKey(_state, rest), isCount, Rows.Length);
            keys.Add(rest, key);
        }

        return key;
    }

    private void Set(CrdtKey key, int row, CrdtCell cell)
    {
        Weigh(key, -1);
        key.Cells[row] = cell;
        (key.Live, key.Overruled) = (0, 0);
        for (var at = 0; at < Rows.Length && !key.IsOverruledCount; at++)
        {
            key.Live += IsLive(key, at) ? 1 : 0;
            key.Overruled += IsOverruled(key, at) ? 1 : 0;
        }

        Weigh(key, 1);
    }

    private void Weigh(CrdtKey key, int sign)
    {
        _live += key.Live > 0 ? sign : 0;
        _overruled += key.Overruled * sign;
    }

    /// <summary>After a key changed: it is forgotten when nothing is left of it, and may have become one to clean up.</summary>
    private void Settle(CrdtKey key)
    {
        if (!key.HasFields && !key.IsPending && key.Cells[_self].Version != CrdtCell.Unstaged)
        {
            (key.IsOverruledCount ? _counts : _keys).Remove(key.Key);
        }
        else
        {
            Consider(key);
        }
    }
}
