/** vtk.js ships no types for this file: the 256 cases of marching cubes, consistent across cell faces. */
declare module "@kitware/vtk.js/Filters/General/ImageMarchingCubes/caseTable.js" {
  const table: {
    /** Cut edges of the triangles, three a triangle, ended by -1. Bit n of the index: corner n of VTK's hexahedron. */
    getCase(index: number): readonly number[];
    /** The two corners of an edge; corner c sits where bits 0, 1, 2 of c say x, y, z. */
    getEdge(edge: number): readonly [number, number];
  };
  export default table;
}
