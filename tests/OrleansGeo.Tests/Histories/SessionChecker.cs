using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>
/// Read-your-writes and monotonic reads (Terry et al. 1994), per session and entity: no read is older than what the session has written or
/// seen, unless it was told that this is lost.
/// </summary>
/// <remarks>
/// Judged twice: by the versions that answers carry, and by the values, through the versions that their writes were told. A server that
/// reports a new version with an old value passes the first and fails the second. Only reads that promise it are judged, session and strong;
/// all reads and writes count as seen.
/// </remarks>
internal static class SessionChecker
{
    public static IReadOnlyList<SessionViolation> Check(IReadOnlyList<SessionOperation> history)
    {
        var facts = new SessionFacts(history);
        var floors = new Dictionary<(string Session, string Entity), Floor>();
        var violations = new List<SessionViolation>();
        foreach (var operation in history)
        {
            var at = (operation.Session, operation.Entity);
            if (operation.ToldWriteLost)
            {
                floors[at] = new(operation.Version ?? RecordVersion.None, operation);
                continue;
            }

            if (operation.Kind == SessionActionKind.Read && Misread(facts, floors.TryGetValue(at, out var floor) ? floor : null, operation) is { } violation)
            {
                violations.Add(violation);
                continue;
            }

            foreach (var version in SeenBy(facts, operation))
            {
                // Another branch does not raise the floor: whoever saw that was cut off is still to be told.
                if (!floors.TryGetValue(at, out var before) || VersionOrder.Reaches(version, before.Version))
                {
                    floors[at] = new(version, operation);
                }
            }
        }

        return violations;
    }

    private static SessionViolation? Misread(SessionFacts facts, Floor? floor, SessionOperation read)
    {
        if (facts.WriteOf(read.Entity, read.Value) is { } write && read.Version is { } told && told != write.Version)
        {
            return new("A value came under another version than its write was told.", write, read);
        }

        if (floor is not { } seen || read.Consistency is not (SessionConsistency.Session or SessionConsistency.Strong))
        {
            return null;
        }

        if (IsNothing(read))
        {
            return seen.Version == RecordVersion.None || facts.MayBeDeletedAfter(read.Entity, seen.Version)
                ? null
                : new("A session saw nothing where it had seen something, and nothing was deleted.", seen.By, read);
        }

        foreach (var version in SeenBy(facts, read))
        {
            if (VersionOrder.CutsOff(version, seen.Version) || facts.IsLostBy(read.Entity, version.Epoch, seen.Version))
            {
                return new("What a session had seen was lost, and it was not told.", seen.By, read);
            }

            if (!VersionOrder.Reaches(version, seen.Version))
            {
                return new(
                    seen.By.ToldWriteLost ? "A session reads something older than its repaired token."
                        : seen.By.Kind == SessionActionKind.Read ? "A session reads something older than it has read."
                        : "A session does not read its own write.",
                    seen.By,
                    read);
            }
        }

        return null;
    }

    /// <summary>No value and no version: an entity that was never written, or whose deletion is forgotten.</summary>
    private static bool IsNothing(SessionOperation read) => read.Value is null && (read.Version is null || read.Version == RecordVersion.None);

    /// <summary>The versions that an operation stands for: as it says, and as its value says.</summary>
    private static IEnumerable<RecordVersion> SeenBy(SessionFacts facts, SessionOperation operation)
    {
        if (operation.Version is { } told && !IsNothing(operation))
        {
            yield return told;
        }

        if (operation.Kind == SessionActionKind.Read && facts.WriteOf(operation.Entity, operation.Value) is { Version: { } written })
        {
            yield return written;
        }
    }

    private readonly record struct Floor(RecordVersion Version, SessionOperation By);
}
