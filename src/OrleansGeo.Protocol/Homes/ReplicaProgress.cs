using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Homes;

/// <summary>What a home knows of one replica.</summary>
/// <remarks>A <em>session</em> ends whenever the order of messages is in doubt: link lost, gap, conflict. Replies of an ended session are ignored.</remarks>
internal sealed class ReplicaProgress(int region)
{
    /// <summary>By its index among the world's.</summary>
    public int Region => region;

    /// <summary>Verified to be stored there. It survives sessions, unless the replica says that it has less.</summary>
    public LogPosition Match { get; set; }

    /// <summary>The next entry to send.</summary>
    public LogPosition Next { get; set; }

    public int Session { get; private set; }

    /// <summary>Whether this session had a reply, so that <see cref="Next"/> is right and many messages may be under way.</summary>
    public bool IsKnown { get; set; }

    public int MessagesInFlight { get; set; }

    public long BytesInFlight { get; set; }

    /// <summary>The commit position announced last.</summary>
    public LogPosition Announced { get; set; }

    public bool NeedsCopy { get; set; }

    /// <summary>Why the replica cannot read what it was sent last, in words. It survives sessions, until the replica takes something.</summary>
    public string? Refusal { get; set; }

    /// <summary>It refused a row in this session: nothing is sent before the next one begins, because it would be refused again.</summary>
    public bool HasRefused { get; set; }

    /// <summary>A read from the store or a copy is under way.</summary>
    public bool IsBusy { get; set; }

    public void StartSession()
    {
        Session++;
        IsKnown = false;
        MessagesInFlight = 0;
        BytesInFlight = 0;
        Announced = LogPosition.Zero;
        NeedsCopy = false;
        IsBusy = false;
        HasRefused = false;
    }
}
