namespace OrleansGeo.Runtime.Enumeration;

/// <summary>The gate as enumerations pass it.</summary>
internal interface IEnumerationGate
{
    /// <summary>Begins one, before anything of the user's method runs.</summary>
    /// <param name="isRead">The method is marked <c>[ReadOnly]</c>: a replica may run it.</param>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.NotHome"/>: this region may not run it. Nothing happened.</exception>
    ValueTask<IEnumerationPlace> BeginAsync(bool isRead);
}
