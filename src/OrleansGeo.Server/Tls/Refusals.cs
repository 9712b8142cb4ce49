using System.Net;

namespace OrleansGeo.Server.Tls;

/// <summary>Tells the log whom a silo did not let in. A peer that dials again and again is told of once a minute. Thread-safe.</summary>
internal sealed partial class Refusals(TimeProvider time, ILogger<Refusals> logger)
{
    /// <summary>So many peers are remembered: whoever knocks from everywhere must not fill the memory.</summary>
    private const int Remembered = 256;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, long> _told = [];
    private readonly Lock _lock = new();

    public void Tell(string door, EndPoint? peer, string problem)
    {
        var address = (peer as IPEndPoint)?.Address.ToString() ?? "an unknown address";
        if (IsNews($"{door} {address} {problem}"))
        {
            LogRefused(door, peer, problem);
        }
    }

    private bool IsNews(string what)
    {
        lock (_lock)
        {
            if (_told.TryGetValue(what, out var since) && time.GetElapsedTime(since) < Quiet)
            {
                return false;
            }

            if (_told.Count >= Remembered)
            {
                _told.Clear();
            }

            _told[what] = time.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The {Door} port refused the peer at {Peer}: {Problem}")]
    private partial void LogRefused(string door, EndPoint? peer, string problem);
}
