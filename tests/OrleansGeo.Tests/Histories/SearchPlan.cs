namespace OrleansGeo.Tests.Histories;

/// <summary>One key's operations as a search goes through them: from return to return, and what is under way at each.</summary>
/// <remarks>
/// Where the first return stands whose operation is not placed, everything that returned before is placed and nothing that was invoked
/// later is. So the placed operations are told apart by those under way alone: a bit for each of a few slots, used again and again.
/// </remarks>
internal sealed class SearchPlan<TInput, TOutput>
    where TInput : notnull
    where TOutput : class
{
    public const int Slots = 128;

    private readonly int[] _invocations;
    private readonly UInt128[] _bits;

    public SearchPlan(IReadOnlyList<Operation<TInput, TOutput>> history, Func<Operation<TInput, TOutput>, bool> isRead)
    {
        Operations = history;
        Reads = [.. history.Select(isRead)];
        _invocations = [.. Enumerable.Range(0, history.Count).OrderBy(index => history[index].Invoked)];
        Returns = [.. Enumerable.Range(0, history.Count).Where(index => !history[index].IsUnknown).OrderBy(index => history[index].Returned).ThenBy(index => history[index].Output is null)];
        UnderWay = new int[Returns.Length][];
        Twins = new int?[history.Count];
        _bits = new UInt128[history.Count];
        FindTwins();
        Fill();
    }

    public IReadOnlyList<Operation<TInput, TOutput>> Operations { get; }

    public bool[] Reads { get; }

    /// <summary>The operations that returned, by return.</summary>
    public int[] Returns { get; }

    /// <summary>
    /// For each return, the operations invoked and not returned before it. Reads first, then by the middle of their time, which is a good
    /// guess of their order; those of unknown outcome last, because most histories need few of them.
    /// </summary>
    public int[][] UnderWay { get; }

    /// <summary>For an operation of unknown outcome, the one before it that asks for the same; it never ends either.</summary>
    public int?[] Twins { get; }

    /// <summary>More operations were under way at once than there are slots: this cannot be searched.</summary>
    public bool IsTooWide { get; private set; }

    public UInt128 BitOf(int operation) => _bits[operation];

    private void FindTwins()
    {
        var last = new Dictionary<TInput, int>();
        foreach (var index in _invocations.Where(index => Operations[index].IsUnknown))
        {
            Twins[index] = last.TryGetValue(Operations[index].Input, out var twin) ? twin : null;
            last[Operations[index].Input] = index;
        }
    }

    private void Fill()
    {
        var free = new PriorityQueue<int, int>(Enumerable.Range(0, Slots).Select(static slot => (slot, slot)));
        var slots = new int[Operations.Count];
        var open = new List<int>();
        var invoked = 0;
        for (var at = 0; at < Returns.Length; at++)
        {
            // At the same tick nobody can tell what came first: then they are concurrent.
            for (; invoked < _invocations.Length && Operations[_invocations[invoked]].Invoked <= Operations[Returns[at]].Returned; invoked++)
            {
                var index = _invocations[invoked];
                if (!free.TryDequeue(out slots[index], out _))
                {
                    IsTooWide = true;
                    return;
                }

                _bits[index] = UInt128.One << slots[index];
                open.Add(index);
            }

            UnderWay[at] = [.. open.OrderByDescending(index => Reads[index]).ThenBy(Guess)];
            open.Remove(Returns[at]);
            free.Enqueue(slots[Returns[at]], slots[Returns[at]]);
        }
    }

    private double Guess(int index) => Operations[index] is { IsUnknown: false } known ? ((double)known.Invoked + known.Returned) / 2 : double.MaxValue;
}
