namespace OrleansGeo.Runtime.Gates;

/// <summary>Which sections of call-chain reentrancy the code of an activation has opened and not left yet.</summary>
/// <remarks>
/// An id alone says nothing: it goes on to everything that is called, and the grains on the way have allowed nothing. Orleans notes with the activation which sections its own
/// code opens, and lets in what has the id of one. It gives no other access to that than by the type's name, and its version is pinned.
/// </remarks>
internal static class ReentrantSections
{
    private static readonly Type Noted = Type.GetType("Orleans.Runtime.ActivationData+ReentrantRequestTracker, Orleans.Runtime", throwOnError: true)!;

    /// <param name="context">Orleans' own context of the activation.</param>
    /// <param name="id">The <see cref="RequestContext.ReentrancyId"/> of what comes.</param>
    public static bool IsOpen(IGrainContext context, Guid id) =>
        id != Guid.Empty && context.GetComponent(Noted) is Dictionary<Guid, int> sections && sections.GetValueOrDefault(id) > 0;
}
