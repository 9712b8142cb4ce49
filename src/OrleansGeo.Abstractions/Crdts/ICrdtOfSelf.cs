using System.Diagnostics.CodeAnalysis;

namespace OrleansGeo.Crdts;

/// <summary>The state of a multi-writer entity: every region writes it at once, and all regions that have seen the same writes show the same.</summary>
/// <remarks>
/// Declare it as <c>[PersistentState("likes", "geo")] IPersistentState&lt;PNCounter&gt;</c> on a grain with <c>[GeoGrain(…, MultiWriter = true)]</c>.
/// A write can be seen by its own grain at once and is kept by <c>WriteStateAsync</c>. One that is made with <c>new</c>, as in a test, is a world of one region.
/// Members, fields and values are strings, compared by their characters alone; put JSON into values for more.
/// </remarks>
[SuppressMessage("Design", "CA1040:Avoid empty interfaces", Justification = "It says what a state may be; how it is bound is not for its users.")]
public interface ICrdt<TSelf> : ICrdt
    where TSelf : class, ICrdt<TSelf>, new();
