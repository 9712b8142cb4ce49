using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Storage;

namespace OrleansGeo.Tests.Shards;

/// <summary>Passes everything on to a store, whose rows it gives as a store on a disk would: in memory only as long as the reader keeps them.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy makes a subtype.")]
internal class PagesInMemory : DispatchProxy
{
    private readonly List<WeakReference> _rows = [];
    private IRegionStore _store = null!;

    /// <summary>How many pages with rows were read.</summary>
    public int Pages { get; private set; }

    /// <summary>The most rows that were in memory when another page was asked for.</summary>
    public int MostAlive { get; private set; }

    public static (IRegionStore Store, PagesInMemory Pages) Of(IRegionStore store)
    {
        var proxy = Create<IRegionStore, PagesInMemory>();
        var pages = (PagesInMemory)proxy;
        pages._store = store;
        return (proxy, pages);
    }

    public int CountAlive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return _rows.Count(static row => row.IsAlive);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(_store, args);
        return targetMethod.Name == nameof(IRegionStore.ReadLogAsync) ? ReadAsync((Task<ImmutableArray<LogRow>>)result!) : result;
    }

    private async Task<ImmutableArray<LogRow>> ReadAsync(Task<ImmutableArray<LogRow>> reading)
    {
        var page = await reading;
        MostAlive = Math.Max(MostAlive, CountAlive());
        Pages += page.IsEmpty ? 0 : 1;
        return [.. page.Select(Copy)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LogRow Copy(LogRow row)
    {
        var bytes = row.Bytes.ToArray();
        _rows.Add(new(bytes));
        return row with { Bytes = bytes };
    }
}
